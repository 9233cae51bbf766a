// Several clients asking the same question wait on one upstream query.
//
// Bounded: questions, waiters of one question, and waiters in all. A client that
// repeats itself is one waiter. Pure; not thread-safe: belongs to one loop.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "cache/answer_key.h"

namespace signpost {

struct PendingLimits {
  std::size_t questions = 8192;  // above the forwarder's own bound, which sheds the oldest first
  std::size_t waiters_each = 1024;
  std::size_t waiters = 16'384;
};

/// `Waiter` is who waits: a movable value with `bool repeats(const Waiter&) const`,
/// true for the same client (address and port) with the same query ID.
template <typename Waiter>
class PendingQueries {
 private:
  struct Asked {
    dns::Name name;  // the key's points at it
    cache::AnswerKey key;
    std::vector<Waiter> waiters;
  };

 public:
  enum class Joined : std::uint8_t {
    first,          // ask upstream
    already_asked,  // nothing to do: it is among those that finish() gives
    repeated,       // nor here: the client's first query is
    full,           // it does not wait: tell it so at once
  };
  /// Stands for a question until it is finished.
  using Ticket = const Asked*;
  struct Join {
    Joined what = Joined::first;
    Ticket ticket = nullptr;     // of the question; null where it is `full`
    std::optional<Waiter> shed;  // who waited longest, given up for this one: tell it so
  };

  explicit PendingQueries(const PendingLimits& limits = {}) : limits_(limits) {}

  /// Adds `waiter` to those that wait for `key`, whose name is copied.
  Join join(const cache::AnswerKey& key, Waiter waiter) {
    const auto known = questions_.find(key);
    if (known == questions_.end()) return begin(key, std::move(waiter));
    return add(*known->second, std::move(waiter));
  }

  /// Forgets a question and hands back who waited, in the order they came. REQUIRES: `ticket` came
  /// from a join(), and was not finished since.
  std::vector<Waiter> finish(Ticket ticket) {
    const auto known = questions_.find(ticket->key);
    const std::unique_ptr<Asked> asked = std::move(known->second);
    questions_.erase(known);
    waiting_ -= asked->waiters.size();
    return std::move(asked->waiters);
  }

  bool is_asked(const cache::AnswerKey& key) const { return questions_.contains(key); }

  std::size_t questions() const { return questions_.size(); }
  std::size_t waiters() const { return waiting_; }

 private:
  struct Hash {
    std::size_t operator()(const cache::AnswerKey& key) const { return key.hash(); }
  };
  Join begin(const cache::AnswerKey& key, Waiter waiter) {
    if (questions_.size() >= limits_.questions || waiting_ >= limits_.waiters)
      return {Joined::full, nullptr, {}};
    auto asked = std::make_unique<Asked>();
    asked->name = dns::Name::from_view(key.name);
    asked->key = key;
    asked->key.name = asked->name.view();
    asked->waiters.push_back(std::move(waiter));
    const Ticket ticket = asked.get();
    questions_.emplace(ticket->key, std::move(asked));
    ++waiting_;
    return {Joined::first, ticket, {}};
  }

  Join add(Asked& asked, Waiter waiter) {
    std::vector<Waiter>& waiters = asked.waiters;
    const bool repeats = std::any_of(waiters.begin(), waiters.end(),
                                     [&](const Waiter& one) { return one.repeats(waiter); });
    if (repeats) return {Joined::repeated, &asked, {}};
    Join out{Joined::already_asked, &asked, {}};
    if (waiters.size() >= limits_.waiters_each || waiting_ >= limits_.waiters) {
      out.shed = std::move(waiters.front());
      waiters.erase(waiters.begin());
      --waiting_;
    }
    waiters.push_back(std::move(waiter));
    ++waiting_;
    return out;
  }

  PendingLimits limits_;
  std::unordered_map<cache::AnswerKey, std::unique_ptr<Asked>, Hash> questions_;
  std::size_t waiting_ = 0;
};

}  // namespace signpost
