// DNS over a stream: two length bytes before each message (RFC 1035, 4.2.2).
//
// Pure: takes the stream as it comes, cut anywhere, and hands out whole
// messages. Holds at most the one message that is not whole yet.
#pragma once

#include <algorithm>

#include "dnsd/dns/wire.h"

namespace net {

class TcpFraming {
 public:
  /// Calls `take` with each whole message, in order; the view is valid during the
  /// call, and may be empty. `take` returns whether to go on: after false nothing
  /// of this object is touched, so `take` may have destroyed it.
  template <typename Take>
  void feed(dns::WireView bytes, Take take);

  /// Whether the stream stands between two messages.
  bool between_messages() const { return partial_.empty(); }

 private:
  static constexpr std::size_t kPrefix = 2;

  static std::size_t whole_size(dns::WireView bytes) {
    return bytes.size() < kPrefix ? kPrefix : kPrefix + dns::get16(bytes.data());
  }
  /// Moves bytes over until `partial_` is whole or `bytes` is empty.
  void complete(dns::WireView& bytes);

  dns::Wire partial_;  // the beginning of one message, its length bytes included
};

/// `message` with its length in front, to be sent in one write (RFC 7766, 8).
/// REQUIRES: at most 65,535 bytes.
inline dns::Wire framed(dns::WireView message) {
  dns::Wire out;
  out.reserve(2 + message.size());
  out.push_back(static_cast<std::uint8_t>(message.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(message.size()));
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

inline void TcpFraming::complete(dns::WireView& bytes) {
  // Twice: the length bytes first, since they say how much more is wanted.
  for (int part = 0; part < 2; ++part) {
    const std::size_t whole = whole_size(partial_);
    const std::size_t wanted = whole - std::min(whole, partial_.size());
    const dns::WireView more = bytes.first(std::min(wanted, bytes.size()));
    partial_.insert(partial_.end(), more.begin(), more.end());
    bytes = bytes.subspan(more.size());
  }
}

template <typename Take>
void TcpFraming::feed(dns::WireView bytes, Take take) {
  if (!partial_.empty()) {
    complete(bytes);
    if (partial_.size() < kPrefix || partial_.size() < whole_size(partial_)) return;
    const dns::Wire message = std::move(partial_);
    partial_.clear();
    if (!take(dns::WireView(message).subspan(kPrefix))) return;
  }
  while (bytes.size() >= kPrefix && bytes.size() >= whole_size(bytes)) {
    const dns::WireView message = bytes.subspan(kPrefix, whole_size(bytes) - kPrefix);
    bytes = bytes.subspan(whole_size(bytes));
    if (!take(message)) return;
  }
  partial_.assign(bytes.begin(), bytes.end());
}

}  // namespace net
