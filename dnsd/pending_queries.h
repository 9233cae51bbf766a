// Several clients asking the same question wait on one upstream query.
//
// Bounded: questions, waiters of one question, and waiters in all. A client that
// repeats itself is one waiter. Pure; not thread-safe: belongs to one loop.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <tuple>
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
  /// A key that has the name it points at.
  struct OwnKey {
    dns::Name name;
    cache::AnswerKey key;

    explicit OwnKey(const cache::AnswerKey& of) { become(of); }
    void become(const cache::AnswerKey& of) {
      name = dns::Name::from_view(of.name);
      key = of;
      key.name = name.view();
    }
    OwnKey(const OwnKey&) = delete;
    OwnKey& operator=(const OwnKey&) = delete;
  };
  struct Waiters {
    std::optional<Waiter> first;  // most questions have one
    std::vector<Waiter> others;
    std::size_t size() const { return others.size() + (first ? 1 : 0); }
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(const cache::AnswerKey& key) const { return key.hash(); }
    std::size_t operator()(const OwnKey& own) const { return own.key.hash(); }
  };
  struct Same {
    using is_transparent = void;
    static const cache::AnswerKey& key_of(const cache::AnswerKey& key) { return key; }
    static const cache::AnswerKey& key_of(const OwnKey& own) { return own.key; }
    template <typename A, typename B>
    bool operator()(const A& a, const B& b) const {
      return key_of(a) == key_of(b);
    }
  };
  using Questions = std::unordered_map<OwnKey, Waiters, Hash, Same>;
  using Node = typename Questions::node_type;
  // As many as wait at once where an upstream is well; in all some 100 KB.
  static constexpr std::size_t kSpareMost = 256;

 public:
  enum class Joined : std::uint8_t {
    first,          // ask upstream
    already_asked,  // nothing to do: it is among those that finish() gives
    repeated,       // nor here: the client's first query is
    full,           // it does not wait
  };
  /// Stands for a question until it is finished.
  using Ticket = const typename Questions::value_type*;
  struct Join {
    Joined what = Joined::first;
    Ticket ticket = nullptr;     // of the question; null where it is `full`
    std::optional<Waiter> shed;  // who waited longest, or does not wait at all: tell it so
  };

  explicit PendingQueries(const PendingLimits& limits = {}) : limits_(limits) {}

  /// Adds `waiter` to those that wait for `key`, whose name is copied.
  Join join(const cache::AnswerKey& key, Waiter waiter) {
    const auto known = questions_.find(key);
    if (known == questions_.end()) return begin(key, std::move(waiter));
    return add(*known, std::move(waiter));
  }

  /// Forgets a question and calls `visit(Waiter&)` for each who waited, in the order they came.
  /// It may join() and finish() others. REQUIRES: `ticket` came from a join(), and was not finished
  /// since.
  template <typename Visit>
  void finish(Ticket ticket, Visit visit) {
    Waiters waiters = take(ticket);
    waiting_ -= waiters.size();
    if (waiters.first) visit(*waiters.first);
    for (Waiter& waiter : waiters.others) visit(waiter);
  }

  bool is_asked(const cache::AnswerKey& key) const { return questions_.contains(key); }

  std::size_t questions() const { return questions_.size(); }
  std::size_t waiters() const { return waiting_; }

 private:
  Join begin(const cache::AnswerKey& key, Waiter waiter) {
    if (questions_.size() >= limits_.questions || waiting_ >= limits_.waiters)
      return {Joined::full, nullptr, std::move(waiter)};
    auto& made = make(key);
    made.second.first = std::move(waiter);
    ++waiting_;
    return {Joined::first, &made, {}};
  }

  /// In the memory of one that was finished, where there is such a one.
  typename Questions::value_type& make(const cache::AnswerKey& key) {
    if (spare_.empty())
      return *questions_
                  .emplace(std::piecewise_construct, std::forward_as_tuple(key),
                           std::forward_as_tuple())
                  .first;
    Node node = std::move(spare_.back());
    spare_.pop_back();
    node.key().become(key);
    return *questions_.insert(std::move(node)).position;
  }

  Waiters take(Ticket ticket) {
    Node node = questions_.extract(questions_.find(ticket->first.key));
    Waiters waiters = std::exchange(node.mapped(), {});
    if (spare_.size() < kSpareMost) spare_.push_back(std::move(node));
    return waiters;
  }

  Join add(typename Questions::value_type& asked, Waiter waiter) {
    Waiters& waiters = asked.second;
    const auto is_it = [&](const Waiter& one) { return one.repeats(waiter); };
    const bool repeats = (waiters.first && is_it(*waiters.first)) ||
                         std::any_of(waiters.others.begin(), waiters.others.end(), is_it);
    if (repeats) return {Joined::repeated, &asked, {}};
    Join out{Joined::already_asked, &asked, {}};
    const bool full = waiters.size() >= limits_.waiters_each || waiting_ >= limits_.waiters;
    if (full) out.shed = take_oldest(waiters);
    waiters.others.push_back(std::move(waiter));
    ++waiting_;
    return out;
  }

  Waiter take_oldest(Waiters& waiters) {
    --waiting_;
    if (waiters.first) return *std::exchange(waiters.first, std::nullopt);
    Waiter oldest = std::move(waiters.others.front());
    waiters.others.erase(waiters.others.begin());
    return oldest;
  }

  PendingLimits limits_;
  Questions questions_;
  std::vector<Node> spare_;  // of questions that were finished
  std::size_t waiting_ = 0;
};

}  // namespace signpost
