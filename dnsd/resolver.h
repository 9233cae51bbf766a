// Answers from upstream: each question asked once in the whole process, the
// answer kept in the answer cache, and given to all who wait.
#pragma once

#include <string_view>

#include "cache/answer_key.h"
#include "dnsd/dns/callback.h"
#include "dnsd/dns/question.h"

namespace signpost {

/// What upstream said: an answer in stored form (cache/cacheable.h), or why there
/// is none. Valid during the call.
struct Heard {
  dns::WireView message;  // empty: nobody answered
  dns::ExtendedError error = dns::ExtendedError::OTHER;
  std::string_view why;

  bool ok() const { return !message.empty(); }
};

/// What is asked upstream, with the flags that make answers differ.
struct Asked {
  dns::Question question;
  bool dnssec_ok = false;
  bool checking_disabled = false;

  /// REQUIRES: the key does not outlive this.
  cache::AnswerKey key() const {
    return cache::AnswerKey::of(question, dnssec_ok, checking_disabled);
  }
};

class Resolver {
 public:
  using Done = dns::Callback<void(const Heard&), 16>;

  virtual ~Resolver() = default;
  /// `done` is called exactly once, on this worker's thread, never before
  /// resolve() returns.
  virtual void resolve(const Asked& asked, const Done& done) = 0;
  /// No server for `name` answers at present, as far as this worker has seen.
  virtual bool is_down(dns::NameView name) const = 0;
};

}  // namespace signpost
