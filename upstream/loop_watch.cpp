#include "upstream/loop_watch.h"

#include <charconv>
#include <optional>

namespace upstream {
namespace {

constexpr dns::NameView kLoopZone("\x0dsignpost-loop\x04test\0", 20);
constexpr std::size_t kDigits = 16;  // of 64 bits, in hexadecimal

void append_number(std::string& text, std::uint64_t number) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4) text += kHex[number >> shift & 15];
}

std::optional<std::uint64_t> read_number(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
  if (problem != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

}  // namespace

bool is_loop_probe(dns::NameView name) {
  return name.ends_with(kLoopZone) && dns::is_within(name, kLoopZone);
}

std::uint64_t LoopWatch::hash_of(std::uint64_t nonce) const {
  std::array<std::uint8_t, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(nonce >> (8 * i));
  }
  return dns::siphash24(key_, bytes);
}

dns::Name LoopWatch::name_for(std::uint64_t nonce) const {
  std::string label;
  append_number(label, nonce);
  append_number(label, hash_of(nonce));
  dns::Name name = dns::Name::from_view(kLoopZone);
  name.push_front(label);
  return name;
}

bool LoopWatch::arrived(dns::NameView name) {
  if (!is_loop_probe(name) || name.size() != 1 + 2 * kDigits + kLoopZone.size()) return false;
  const std::string_view label = dns::first_label(name);
  if (label.size() != 2 * kDigits) return false;
  const auto nonce = read_number(label.substr(0, kDigits));
  const auto hash = read_number(label.substr(kDigits));
  if (!nonce || !hash || *hash != hash_of(*nonce)) return false;
  place_of(*nonce).store(*nonce, std::memory_order_release);
  return true;
}

bool LoopWatch::has_arrived(std::uint64_t nonce) const {
  return place_of(nonce).load(std::memory_order_acquire) == nonce;
}

bool LoopWatch::set_looping(const std::string& server, bool loops) {
  const std::lock_guard held(lock_);
  const bool news = loops ? looping_.insert(server).second : looping_.erase(server) > 0;
  if (news) version_.fetch_add(1, std::memory_order_release);
  return news;
}

bool LoopWatch::is_looping(const std::string& server) const {
  const std::lock_guard held(lock_);
  return looping_.contains(server);
}

}  // namespace upstream
