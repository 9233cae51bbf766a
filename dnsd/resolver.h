// Answers from upstream: each question asked once in the whole process, the
// answer kept in the answer cache, and given to all who wait.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "cache/answer_key.h"
#include "cache/cacheable.h"
#include "dnsd/dns/question.h"

namespace signpost {

/// What upstream said: an answer in stored form, or why there is none.
struct Heard {
  cache::StoredForm form;  // empty wire: nobody answered
  dns::ExtendedError error = dns::ExtendedError::OTHER;
  std::string why;

  bool ok() const { return !form.wire.empty(); }
};
using HeardPointer = std::shared_ptr<const Heard>;

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
  using Done = std::function<void(const HeardPointer&)>;

  virtual ~Resolver() = default;
  /// `done` is called exactly once, on this worker's thread, never before
  /// resolve() returns.
  virtual void resolve(const Asked& asked, Done done) = 0;
  /// No server for `name` answers at present, as far as this worker has seen.
  virtual bool is_down(dns::NameView name) const = 0;
};

}  // namespace signpost
