// Watches the keys below the zone from a revision on, over one stream.
//
// A stream that is silent is not trusted, however well its connection stands: another request
// asks how far the cluster is. That says whether it is still there, and whether it is still the
// same: one that was restored counts from a lower revision. When the cluster has moved on and the
// stream stays silent, it is opened anew from where it stopped, which loses nothing.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "dnsd/net/timers.h"
#include "upstream/etcd_client.h"
#include "upstream/etcd_watch_stream.h"
#include "upstream/skydns_key.h"

namespace upstream {

constexpr dns::Milliseconds kWatchStandsWithin{5'000};
// After so much silence etcd is asked how far it is, and again and again. With the time that
// it has to answer, a loss is known within 4 s: there is some left to go elsewhere.
constexpr dns::Milliseconds kWatchSilence{2'000};
// After so much of it the stream is opened anew, when there is something it may have missed.
constexpr dns::Milliseconds kWatchRenewal{660'000};

class EtcdWatch {
 public:
  enum class End : std::uint8_t {
    lost,  // the connection or the server: another watch may go on from reached()
    gone,  // what it goes on from: compacted, or the cluster is another. List anew
  };
  struct Hearer {
    /// The connection is there, and nothing was missed that is not told after this.
    std::function<void()> stands;
    std::function<void(const std::vector<EtcdEvent>&)> changed;
    /// Once, and last; it may destroy the watch. `why` is a sentence.
    std::function<void(End, const std::string& why)> over;
  };

  /// Changes after `from` are told. All but `hearer` must outlive the watch.
  EtcdWatch(EtcdClient& client, net::Timers& timers, const SkydnsRange& range, EtcdHeader from,
            Hearer hearer);
  ~EtcdWatch();
  EtcdWatch(const EtcdWatch&) = delete;
  EtcdWatch& operator=(const EtcdWatch&) = delete;

  void start();
  /// All changes up to here were told.
  const EtcdHeader& reached() const { return reached_; }
  /// When etcd last gave a sign of life.
  dns::Time heard() const { return heard_; }

 private:
  void open();
  void take_part(std::string_view part);
  void take(const EtcdWatchMessage& message);
  void take_created(const EtcdHeader& header);
  void take_end(const EtcdWatchMessage& message);
  void take_events(const EtcdWatchMessage& message);
  void look_after(dns::Milliseconds delay);
  void look_when_silent();
  void look();
  void ask_revision();
  void judge(const EtcdHeader& header);
  void end_soon(End how, std::string why);
  void end(End how, const std::string& why);

  EtcdClient& client_;
  net::Timers& timers_;
  const SkydnsRange& range_;
  EtcdHeader reached_;
  Hearer hearer_;
  EtcdWatchStream bytes_;
  EtcdClient::Id stream_ = 0;
  EtcdClient::Id question_ = 0;  // how far the cluster is
  net::TimerId timer_ = 0;       // until the watch must stand, the next look, or the end
  bool stands_ = false;
  bool ending_ = false;
  dns::Time last_word_{};  // in the stream
  dns::Time heard_{};
};

}  // namespace upstream
