// Which upstream servers lead back to this daemon.
//
// The forwarder sends each server a question for a name of its own,
// `<nonce>.signpost-loop.test`, now and then. When that name arrives at one of our
// own listeners, whatever the way (a second name of this host, NAT, two daemons that
// forward to each other), the server loops. Names of other daemons are passed on as
// any other: they have to find their way back.
//
// One for the process; any thread. A name of ours is known by its form: it holds a
// keyed hash, so nothing is kept for those that are under way.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>

#include "dnsd/dns/name.h"
#include "dnsd/dns/siphash.h"

namespace upstream {

class LoopWatch {
 public:
  /// `key` is drawn at start.
  explicit LoopWatch(const dns::SipKey& key) : key_(key) {}
  LoopWatch(const LoopWatch&) = delete;
  LoopWatch& operator=(const LoopWatch&) = delete;

  /// The name for one probe. `nonce` is drawn for it and not used again.
  dns::Name name_for(std::uint64_t nonce) const;
  /// A query for `name` has arrived: whether it is a probe of ours, which is noted.
  bool arrived(dns::NameView name);
  /// Whether arrived() was called for the probe with `nonce`.
  bool has_arrived(std::uint64_t nonce) const;

  /// Sets `server` aside or takes it back, for all forwarders. True when that is news.
  bool set_looping(const std::string& server, bool loops);
  bool is_looping(const std::string& server) const;
  /// Changes with each call of set_looping that was news.
  std::uint64_t version() const { return version_.load(std::memory_order_acquire); }

 private:
  std::uint64_t hash_of(std::uint64_t nonce) const;
  std::atomic<std::uint64_t>& place_of(std::uint64_t nonce) const {
    return arrived_[nonce % arrived_.size()];
  }

  dns::SipKey key_;
  // The last nonces that arrived. One may push out another: then its loop is found by
  // the next probe.
  mutable std::array<std::atomic<std::uint64_t>, 1024> arrived_{};
  std::atomic<std::uint64_t> version_{0};
  mutable std::mutex lock_;
  std::set<std::string> looping_;  // guarded by `lock_`
};

/// Whether `name` is `signpost-loop.test` or below it.
bool is_loop_probe(dns::NameView name);

}  // namespace upstream
