// Who may still be asked for one question, in which order, and how often.
//
// The line is gone through again and again, but each server is asked at most
// three times (RFC 9520, 3.1). Pure; allocates nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <span>

namespace upstream {

/// Servers of one group beyond this many are refused: nobody could try them all.
constexpr std::size_t kServersMost = 32;
constexpr unsigned kTriesMost = 3;

class TryLine {
 public:
  TryLine() = default;
  /// `order`: the servers' indices, whom first. REQUIRES: at most kServersMost.
  explicit TryLine(std::span<const std::uint8_t> order) : size_(order.size()) {
    std::copy(order.begin(), order.end(), servers_.begin());
  }

  /// Whose turn it is; nothing when each was asked three times or ruled out.
  std::optional<std::uint8_t> next() {
    for (std::size_t looked_at = 0; looked_at < size_; ++looked_at) {
      if (turn_ >= size_) start_again();
      const std::uint8_t server = servers_[turn_++];
      if (tries_[server] < kTriesMost) {
        ++tries_[server];
        return server;
      }
    }
    return std::nullopt;
  }

  /// Whose turn next() would say it is in this round; nothing when the round is over.
  std::optional<std::uint8_t> next_in_round() const {
    if (turn_ >= size_ || tries_[servers_[turn_]] >= kTriesMost) return std::nullopt;
    return servers_[turn_];
  }

  /// It was asked beside the line, which counts as well.
  void asked_beside(std::uint8_t server) { ++tries_[server]; }

  bool may_be_asked_again(std::uint8_t server) const { return tries_[server] < kTriesMost; }

  /// It has answered, but badly: nothing more is to be had from it.
  void rule_out(std::uint8_t server) {
    const auto end = servers_.begin() + size_;
    const auto at = std::find(servers_.begin(), end, server);
    if (at == end) return;
    if (static_cast<std::size_t>(at - servers_.begin()) < turn_) --turn_;
    std::copy(at + 1, end, at);
    --size_;
  }

  /// Nobody is left who could answer.
  bool empty() const { return size_ == 0; }
  /// How often the line was gone through whole.
  unsigned round() const { return round_; }

 private:
  void start_again() {
    turn_ = 0;
    ++round_;
  }

  std::array<std::uint8_t, kServersMost> servers_{};
  std::array<std::uint8_t, kServersMost> tries_{};  // by index of the server
  std::size_t size_ = 0;
  std::size_t turn_ = 0;
  unsigned round_ = 0;
};

}  // namespace upstream
