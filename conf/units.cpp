#include "conf/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace conf {
namespace {

struct Unit {
  std::string_view name;
  std::uint64_t worth;
};

// Least first, so that to_text can look for the largest that divides.
constexpr std::array<Unit, 5> kTimes = {
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
constexpr std::array<Unit, 4> kSizes = {
    {{"", 1}, {"KiB", 1U << 10U}, {"MiB", 1U << 20U}, {"GiB", 1U << 30U}}};

constexpr std::size_t kLongestNumber = 12;  // digits: far above every bound, far below overflow

dns::Error expected(std::string_view what, std::string_view text) {
  return dns::Error{"expected " + std::string(what) + ", found '" + std::string(text) + "'"};
}

template <typename Number>
std::optional<Number> number_from(std::string_view digits) {
  Number number{};
  const char* end = digits.data() + digits.size();
  auto [stop, problem] = std::from_chars(digits.data(), end, number);
  if (digits.empty() || digits.size() > kLongestNumber || stop != end) return {};
  if (problem != std::errc()) return {};
  return number;
}

template <std::size_t N>
std::optional<std::uint64_t> worth_of(std::string_view unit, const std::array<Unit, N>& units) {
  for (const Unit& known : units) {
    if (known.name == unit) return known.worth;
  }
  return {};
}

template <std::size_t N>
std::string in_largest(std::uint64_t amount, const std::array<Unit, N>& units) {
  const Unit* best = &units[0];
  for (const Unit& unit : units) {
    if (amount % unit.worth == 0 && amount > 0) best = &unit;
  }
  return std::to_string(amount / best->worth) + std::string(best->name);
}

constexpr std::string_view kUpstreamForms =
    "an upstream such as 10.0.0.2, 10.0.0.2:5353, [2001:db8::1]:53, tcp://10.0.0.2 or "
    "tls://1.1.1.1#cloudflare-dns.com";

Upstream::Transport take_transport(std::string_view& text) {
  constexpr std::string_view kTcp = "tcp://", kTls = "tls://";
  const auto taken = text.starts_with(kTcp)   ? Upstream::Transport::tcp
                     : text.starts_with(kTls) ? Upstream::Transport::tls
                                              : Upstream::Transport::udp;
  if (taken != Upstream::Transport::udp) text.remove_prefix(kTcp.size());
  return taken;
}

/// Cuts `#name` off. False when what follows the sign is no host name.
bool take_tls_name(std::string_view& text, std::string& name) {
  const std::size_t sign = text.find('#');
  if (sign == std::string_view::npos) return true;
  name = text.substr(sign + 1);
  text = text.substr(0, sign);
  const auto parsed = dns::Name::from_text(name);
  return parsed.ok() && !parsed.value().is_root();
}

}  // namespace

dns::Result<Milliseconds> duration_from_text(std::string_view text) {
  if (text == "0" || text == "off") return Milliseconds{0};
  const std::size_t end = text.find_first_not_of("0123456789.");
  const auto number = number_from<double>(text.substr(0, end));
  const auto worth = worth_of(end == std::string_view::npos ? "" : text.substr(end), kTimes);
  if (!number || !worth) return expected("a duration such as 500ms, 1.8s, 10s, 5m, 2h or 1d", text);
  return Milliseconds{std::llround(*number * static_cast<double>(*worth))};
}

std::string to_text(Milliseconds duration) {
  if (duration.count() == 0) return "0s";
  return in_largest(static_cast<std::uint64_t>(duration.count()), kTimes);
}

dns::Result<std::uint64_t> size_from_text(std::string_view text) {
  const std::size_t end = text.find_first_not_of("0123456789");
  const auto number = number_from<std::uint64_t>(text.substr(0, end));
  const auto worth = worth_of(end == std::string_view::npos ? "" : text.substr(end), kSizes);
  if (!number || !worth || *number > UINT64_MAX / *worth) {
    return expected("a size such as 64KiB, 32MiB, 1GiB or a number of bytes", text);
  }
  return *number * *worth;
}

std::string size_to_text(std::uint64_t bytes) {
  return in_largest(bytes, kSizes);
}

dns::Result<Upstream> upstream_from_text(std::string_view text) {
  std::string_view rest = text;
  Upstream upstream;
  upstream.transport = take_transport(rest);
  const bool tls = upstream.transport == Upstream::Transport::tls;
  if (tls && !take_tls_name(rest, upstream.tls_name)) return expected(kUpstreamForms, text);
  const auto address = dns::SocketAddress::from_text(rest, tls ? kDnsTlsPort : kDnsPort);
  if (!address.ok()) return expected(kUpstreamForms, text);
  upstream.address = address.value();
  if (upstream.address.port == 0) return expected("an upstream with a port from 1 to 65535", text);
  if (upstream.address.ip.is_wildcard()) return expected("an upstream that can be reached", text);
  return upstream;
}

dns::Result<std::pair<std::string, std::string>> service_from_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string name(text.substr(0, slash));
  if (name.empty() || slash + 1 == text.size()) {
    return expected("a service such as helloworld/1.0 or helloworld", text);
  }
  return std::pair(name,
                   slash == std::string_view::npos ? "" : std::string(text.substr(slash + 1)));
}

}  // namespace conf
