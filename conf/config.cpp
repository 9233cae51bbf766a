#include "conf/config.h"

namespace conf {
namespace {

template <typename T>
std::vector<T> parsed(std::initializer_list<const char*> texts,
                      dns::Result<T> (*parse)(std::string_view)) {
  std::vector<T> out;
  for (const char* text : texts) out.push_back(parse(text).value());
  return out;
}

dns::Result<dns::SocketAddress> dns_address(std::string_view text) {
  return dns::SocketAddress::from_text(text, kDnsPort);
}

}  // namespace

Listen::Listen()
    : addresses(parsed<dns::SocketAddress>({"127.0.0.1:53", "[::1]:53"}, dns_address)),
      allow(parsed<dns::Prefix>({"127.0.0.0/8", "::1", "10.0.0.0/8", "172.16.0.0/12",
                                 "192.168.0.0/16", "fc00::/7", "fe80::/10"},
                                dns::Prefix::from_text)) {}

Zone::Zone() : name(dns::Name::from_text("servicediscovery.internal").value()) {}

Control::Control() : listen(dns_address("127.0.0.1:5380").value()) {}

}  // namespace conf
