#include "dnsd/signpost/dns_client.h"

namespace signpost::tool {
namespace {

// A datagram may be lost, so it is sent again; a daemon that asks upstream answers within 5 s.
constexpr dns::Milliseconds kFirstWait{2000};
constexpr dns::Milliseconds kSecondWait{6000};
constexpr std::size_t kSockets = 4;

}  // namespace

DnsClient::DnsClient(net::Loop& loop, const conf::Upstream& where)
    : loop_(loop),
      network_(loop, kSockets),
      server_(upstream::make_server(where, network_, loop)) {}

DnsClient::Heard DnsClient::ask_for(const dns::Question& question, dns::Milliseconds most) {
  Heard heard;
  server_->asker->ask(
      {{question}, loop_.exact_now() + most, [&](const upstream::ServerReply& reply) {
         heard = {reply.outcome, {reply.message.begin(), reply.message.end()}, reply.why};
         loop_.stop();
       }});
  loop_.run();
  return heard;
}

dns::Result<dns::Wire> DnsClient::ask(const dns::Question& question) {
  auto heard = ask_for(question, kFirstWait);
  if (heard.outcome == upstream::Outcome::timed_out) heard = ask_for(question, kSecondWait);
  if (!heard.message.empty()) return std::move(heard.message);
  const std::string why = heard.why.empty() ? "it did not answer sensibly" : heard.why;
  return dns::Error{"the server " + server() + " could not be asked: " + why};
}

}  // namespace signpost::tool
