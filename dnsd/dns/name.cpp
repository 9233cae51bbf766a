#include "dnsd/dns/name.h"

#include <random>

namespace dns {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads one character of presentation text, escape or not, from `text[at]`.
/// Moves `at` past it; -1 when the escape is broken.
int read_character(std::string_view text, std::size_t& at) {
  if (text[at] != '\\') return static_cast<std::uint8_t>(text[at++]);
  if (++at >= text.size()) return -1;
  if (!is_digit(text[at])) return static_cast<std::uint8_t>(text[at++]);
  if (at + 2 >= text.size() || !is_digit(text[at + 1]) || !is_digit(text[at + 2])) return -1;
  const int value = (text[at] - '0') * 100 + (text[at + 1] - '0') * 10 + (text[at + 2] - '0');
  at += 3;
  return value <= 255 ? value : -1;
}

Error bad_name(std::string_view text, std::string_view why) {
  return Error{"expected a domain name, found '" + std::string(text.substr(0, 300)) +
               "': " + std::string(why)};
}

void append_label_text(std::string& out, std::string_view label) {
  for (char c : label) {
    const auto byte = static_cast<std::uint8_t>(c);
    if (std::string_view(".\\\"();@$").find(c) != std::string_view::npos) {
      out += '\\';
      out += c;
    } else if (byte <= 0x20 || byte >= 0x7f) {
      out += '\\';
      out += static_cast<char>('0' + byte / 100);
      out += static_cast<char>('0' + byte / 10 % 10);
      out += static_cast<char>('0' + byte % 10);
    } else {
      out += c;
    }
  }
}

/// Follows the name at `at` and calls `labels(used, at, size)` for those between two pointers,
/// before which `used` bytes came. Returns as read() does.
template <typename Labels>
std::size_t follow(WireView message, std::size_t at, Labels labels) {
  std::size_t used = 0;
  std::size_t after = 0;      // where the message goes on, once a pointer was followed
  std::size_t earliest = at;  // a pointer must go before all that was read
  for (;;) {
    const std::size_t labels_at = at;
    while (at < message.size() && message[at] != 0 && message[at] <= kMaxLabel)
      at += message[at] + 1U;
    const std::size_t size = at - labels_at;
    if (at >= message.size() || used + size + 1 > kMaxName) return 0;
    labels(used, labels_at, size);
    used += size;
    const std::uint8_t length = message[at];
    if (length == 0) return after != 0 ? after : at + 1;
    if (length < 0xc0 || at + 1 >= message.size()) return 0;
    const std::size_t target = get16(&message[at]) & 0x3fffU;
    if (target >= earliest) return 0;
    if (after == 0) after = at + 2;
    at = earliest = target;
  }
}

}  // namespace

Name Name::from_view(NameView bytes) {
  Name name;
  std::memcpy(name.bytes_.data(), bytes.data(), bytes.size());
  name.size_ = static_cast<std::uint8_t>(bytes.size());
  return name;
}

Result<Name> Name::from_text(std::string_view text) {
  if (text.empty()) return bad_name(text, "it is empty");
  Name name;
  if (text == ".") return name;
  std::size_t length_at = 0;
  std::size_t used = 1;
  for (std::size_t at = 0; at <= text.size();) {
    const bool ends = at == text.size() || text[at] == '.';
    if (!ends) {
      const int c = read_character(text, at);
      if (c < 0)
        return bad_name(text, "an escape is '\\' and three digits up to 255, or a character");
      if (used - length_at > kMaxLabel) return bad_name(text, "a label is longer than 63 bytes");
      if (used >= kMaxName - 1) return bad_name(text, "it is longer than 255 bytes");
      name.bytes_[used++] = lower(static_cast<std::uint8_t>(c));
      continue;
    }
    if (used - length_at == 1) return bad_name(text, "a label is empty");
    name.bytes_[length_at] = static_cast<std::uint8_t>(used - length_at - 1);
    length_at = used++;
    if (++at == text.size()) break;  // the last dot
  }
  name.bytes_[length_at] = 0;
  name.size_ = static_cast<std::uint8_t>(length_at + 1);
  return name;
}

bool Name::push_front(std::string_view label) {
  if (label.empty() || label.size() > kMaxLabel || size_ + label.size() + 1 > kMaxName)
    return false;
  std::memmove(bytes_.data() + label.size() + 1, bytes_.data(), size_);
  bytes_[0] = static_cast<std::uint8_t>(label.size());
  for (std::size_t i = 0; i < label.size(); ++i) {
    bytes_[i + 1] = lower(static_cast<std::uint8_t>(label[i]));
  }
  size_ = static_cast<std::uint8_t>(size_ + label.size() + 1);
  return true;
}

std::string Name::to_text() const {
  return dns::to_text(view());
}

std::string to_text(NameView name) {
  if (name.size() <= 1) return ".";
  std::string out;
  out.reserve(name.size());
  for (; name.size() > 1; name = parent(name)) {
    append_label_text(out, first_label(name));
    out += '.';
  }
  return out;
}

std::size_t label_count(NameView name) {
  std::size_t count = 0;
  for (; name.size() > 1; name = parent(name)) ++count;
  return count;
}

bool is_within(NameView name, NameView zone) {
  while (name.size() > zone.size()) name = parent(name);
  return name == zone;
}

std::size_t NameReader::read(WireView message, std::size_t at, Name& out) {
  std::size_t size = 0;
  const std::size_t after =
      follow(message, at, [&](std::size_t used, std::size_t labels_at, std::size_t labels_size) {
        copy_lower(&out.bytes_[used], &message[labels_at], labels_size);
        size = used + labels_size;
      });
  if (after == 0) return 0;
  out.bytes_[size] = 0;
  out.size_ = static_cast<std::uint8_t>(size + 1);
  return after;
}

std::size_t NameReader::check(WireView message, std::size_t at) {
  return follow(message, at, [](std::size_t, std::size_t, std::size_t) {});
}

std::size_t NameReader::skip(WireView message, std::size_t at) {
  while (at < message.size()) {
    const std::uint8_t length = message[at];
    if (length == 0) return at + 1;
    if (length >= 0xc0) return at + 2 <= message.size() ? at + 2 : 0;
    if (length > kMaxLabel) return 0;
    at += length + 1U;
  }
  return 0;
}

std::size_t NameReader::plain_end(WireView message, std::size_t at) {
  const std::size_t start = at;
  while (at < message.size() && message[at] <= kMaxLabel) {
    if (message[at] == 0) return at + 1 - start <= kMaxName ? at + 1 : 0;
    at += message[at] + 1U;
  }
  return 0;
}

__extension__ using Product = unsigned __int128;

std::uint64_t hash_name(NameView name, std::uint64_t seed) {
  // Two 64-bit halves of a 128-bit product, folded: each input bit reaches
  // about half of the output's.
  auto fold = [](std::uint64_t a, std::uint64_t b) {
    const auto product = static_cast<Product>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15U;
  std::uint64_t state = seed ^ name.size();
  const char* at = name.data();
  std::size_t left = name.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    state = fold(state ^ word, seed | kOdd);
  }
  std::uint64_t tail = 0;
  if (name.size() >= 8) {
    std::memcpy(&tail, name.data() + name.size() - 8, 8);  // some bytes twice
  } else {
    for (; left > 0; --left) tail = tail << 8 | static_cast<std::uint8_t>(at[left - 1]);
  }
  return fold(state ^ tail, kOdd) ^ (state >> 29);
}

std::uint64_t hash_seed() {
  static const std::uint64_t seed = [] {
    std::random_device kernel;
    return static_cast<std::uint64_t>(kernel()) << 32 | kernel();
  }();
  return seed;
}

}  // namespace dns
