#include "upstream/resolv_conf.h"

#include <algorithm>

namespace upstream {
namespace {

constexpr std::uint16_t kDnsPort = 53;
constexpr std::string_view kBlanks = " \t\r";

/// Takes the next word off the front of `line`.
std::string_view next_word(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
  line.remove_prefix(word.size());
  return word;
}

bool is_own(const dns::SocketAddress& server, std::span<const dns::SocketAddress> own) {
  return std::any_of(own.begin(), own.end(), [&](const dns::SocketAddress& one) {
    if (one.port != server.port) return false;
    return one.ip == server.ip || (one.ip.is_wildcard() && server.ip.is_loopback());
  });
}

void read_server(std::string_view word, const std::string& where,
                 std::span<const dns::SocketAddress> own, ResolvConf& out) {
  if (word.find('%') != std::string_view::npos) {
    out.warnings.push_back(where + "expected an address, found '" + std::string(word) +
                           "': addresses with a scope are not supported, the line is left out");
    return;
  }
  const auto ip = dns::IpAddress::from_text(word);
  if (!ip.ok()) {
    out.warnings.push_back(where + ip.error().message + "; the line is left out");
    return;
  }
  const dns::SocketAddress server{ip.value(), kDnsPort};
  const bool known = std::find(out.servers.begin(), out.servers.end(), server) != out.servers.end();
  if (!known && !is_own(server, own)) out.servers.push_back(server);
}

}  // namespace

ResolvConf read_resolv_conf(std::string_view text, std::span<const dns::SocketAddress> own) {
  ResolvConf out;
  for (unsigned number = 1; !text.empty(); ++number) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (next_word(line) != "nameserver") continue;
    read_server(next_word(line), "line " + std::to_string(number) + ": ", own, out);
  }
  return out;
}

}  // namespace upstream
