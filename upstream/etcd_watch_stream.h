// The stream of `/v3/watch`: one JSON message a line, in parts as they arrive.
//
// Pure; belongs to one stream.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "upstream/etcd_reply.h"

namespace upstream {

// etcd sends what is larger in fragments of 1.5 MiB, if asked to; base64 makes a third more of it.
constexpr std::size_t kMaxWatchMessage = std::size_t{16} << 20;

/// A key was put, or is gone (deleted, or its lease ran out).
struct EtcdEvent {
  bool gone = false;
  EtcdPair pair;
};

struct EtcdWatchMessage {
  EtcdHeader header;
  bool created = false;           // the watch stands
  bool canceled = false;          // the watch is over
  std::int64_t compacted = 0;     // it is over, since what it asked for is gone up to this revision
  bool is_fragment = false;       // more events of the same revision follow
  std::vector<EtcdEvent> events;  // in order
  std::string reason;             // why it is over; empty: it is not, or etcd does not say
};

/// Of one line. Error: it is none.
dns::Result<EtcdWatchMessage> read_etcd_watch_message(std::string_view line);

class EtcdWatchStream {
 public:
  /// Takes the next bytes.
  void take(std::string_view part);
  /// The next whole message, if there is one. Error: the stream makes no sense,
  /// and is not worth another byte.
  bool has_message() const { return too_long_ || end_ != std::string::npos; }
  /// REQUIRES: has_message().
  dns::Result<EtcdWatchMessage> next();

 private:
  void find_end(std::size_t from) { end_ = bytes_.find('\n', from); }

  std::string bytes_;                    // not yet handed on
  std::size_t at_ = 0;                   // of them, where the next message starts
  std::size_t end_ = std::string::npos;  // and where it ends, if it is whole
  bool too_long_ = false;
};

}  // namespace upstream
