#include "dnsd/dns/opt.h"

namespace dns {
namespace {

constexpr std::size_t kOptSize = 11;
constexpr std::size_t kOptionHeader = 4;
constexpr std::size_t kKeepaliveSize = kOptionHeader + 2;
constexpr std::size_t kExtendedErrorSize = kOptionHeader + 2;

class OptionWriter {
 public:
  OptionWriter(WireSpan room, std::size_t at) : room_(room), at_(at) {}
  void number(std::uint16_t value) {
    put16(&room_[at_], value);
    at_ += 2;
  }
  void bytes(const void* from, std::size_t size) {
    if (size > 0) std::memcpy(&room_[at_], from, size);
    at_ += size;
  }
  void option(EdnsOption code, std::size_t size) {
    number(static_cast<std::uint16_t>(code));
    number(static_cast<std::uint16_t>(size));
  }
  std::size_t at() const { return at_; }

 private:
  WireSpan room_;
  std::size_t at_;
};

}  // namespace

std::size_t opt_room(const Query& query, const ReplyOptions& options) {
  if (!query.edns.present) return 0;
  return kOptSize + (options.has_cookie ? kOptionHeader + options.cookie.size() : 0) +
         (options.keepalive != 0 ? kKeepaliveSize : 0);
}

std::size_t append_opt(WireSpan room, std::size_t used, const Query& query,
                       const ReplyOptions& options, Rcode rcode,
                       const ExtendedErrorText* extended) {
  if (!query.edns.present) return used;
  OptionWriter out(room, used);
  const std::uint8_t root = 0;
  out.bytes(&root, 1);
  out.number(static_cast<std::uint16_t>(Type::OPT));
  out.number(kUdpAnswerSize);
  out.number(static_cast<std::uint16_t>((static_cast<std::uint16_t>(rcode) >> 4) << 8));
  out.number(query.edns.dnssec_ok ? 0x8000 : 0);
  const std::size_t length_at = out.at();
  out.number(0);
  if (options.has_cookie) {
    out.option(EdnsOption::COOKIE, options.cookie.size());
    out.bytes(options.cookie.data(), options.cookie.size());
  }
  if (options.keepalive != 0) {
    out.option(EdnsOption::TCP_KEEPALIVE, 2);
    out.number(options.keepalive);
  }
  if (extended != nullptr && room.size() - out.at() >= kExtendedErrorSize) {
    std::string_view text = extended->text;
    if (room.size() - out.at() < kExtendedErrorSize + text.size()) text = {};
    out.option(EdnsOption::EXTENDED_ERROR, 2 + text.size());
    out.number(static_cast<std::uint16_t>(extended->code));
    out.bytes(text.data(), text.size());
  }
  put16(&room[length_at], static_cast<std::uint16_t>(out.at() - length_at - 2));
  return out.at();
}

}  // namespace dns
