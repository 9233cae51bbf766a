#include "dnsd/signpost/control_client.h"

#include <variant>

namespace signpost::tool {
namespace {

constexpr dns::Milliseconds kWait{10'000};
constexpr std::size_t kMostBytes = std::size_t{64} << 20;  // as a reader of a relay takes

}  // namespace

void ControlClient::NoNames::resolve(const std::string& host, Done done) {
  done(dns::Error{"expected an address, found the name " + host});
}

ControlClient::ControlClient(net::Loop& loop, const dns::SocketAddress& where)
    : loop_(loop), where_(where), client_(loop, names_) {}

dns::Result<ControlClient::Reply> ControlClient::get(const std::string& target) {
  net::HttpRequest request;
  request.url = url() + target;
  request.timeout = kWait;
  request.max_body = kMostBytes;
  request.direct = true;
  request.gzip = true;
  net::HttpOutcome heard = net::HttpFailure{};
  client_.send(std::move(request), [&](net::HttpOutcome outcome) {
    heard = std::move(outcome);
    loop_.stop();
  });
  loop_.run();
  if (const auto* failure = std::get_if<net::HttpFailure>(&heard)) return dns::Error{failure->why};
  auto& reply = std::get<net::HttpReply>(heard);
  return Reply{reply.status, std::move(reply.body)};
}

}  // namespace signpost::tool
