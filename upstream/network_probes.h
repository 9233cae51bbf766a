// Probes over the network: a TCP connection, or GET of a path over HTTP or HTTPS, at the instance's
// own address and port.
//
// A host that is a name is looked up by our own forwarder; its addresses are tried in order. Over
// HTTPS the certificate is not checked: the question is whether it serves, and instances are mostly
// reached by address. What is no word of the instance (its name cannot be looked up) is no result.
//
// Control thread only.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "dnsd/net/host_resolver.h"
#include "dnsd/net/http_client.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/tcp_probe.h"
#include "upstream/probe_asker.h"
#include "upstream/probe_reply.h"

namespace upstream {

class NetworkProbes final : public ProbeAsker {
 public:
  using Http = std::function<net::HttpClient&()>;  // made when first needed

  /// REQUIRES: all of them outlive this.
  NetworkProbes(net::Loop& loop, Http http, net::HostResolver& resolver);
  ~NetworkProbes() override;

  ProbeId ask(const ProbeAim& aim, const conf::Probe& how, Done done) override;
  void cancel(ProbeId id) override;

 private:
  struct Flight {
    ProbeAim aim;
    conf::Probe how;
    Done done;
    dns::Time deadline;
    std::vector<dns::IpAddress> left;  // of its addresses, the last is next
    net::TimerId timer = 0;            // of a name: until it is looked up, then for that
    ProbeReply reply;                  // over HTTP; what `tcp` hears goes there
    std::unique_ptr<net::TcpProbe> tcp;
    net::HttpRequestId http = 0;
  };

  void begin_look_up(ProbeId id);
  void look_up(ProbeId id);
  void try_next(ProbeId id);
  void connect(ProbeId id, const dns::IpAddress& ip);
  void connected(ProbeId id, const net::TcpOutcome& outcome);
  void get(ProbeId id, const dns::IpAddress& ip);
  void tried(ProbeId id, const std::string& fault);
  void answered(ProbeId id, const net::HttpOutcome& outcome);
  dns::Milliseconds time_left(const Flight& flight) const;
  /// Calls out; nothing may follow.
  void end(ProbeId id, std::optional<cache::ProbeResult> result);

  net::Loop& loop_;
  Http http_;
  net::HostResolver& resolver_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);  // look-ups cannot be cancelled
  std::map<ProbeId, Flight> flights_;
  ProbeId last_ = 0;
};

/// What a probe over HTTP says. Pure.
std::string probe_question(const ProbeAim& aim, const conf::Probe& how);

/// What a probe over HTTPS asks for, of a server at `ip`. Pure.
net::HttpRequest probe_request(const ProbeAim& aim, const conf::Probe& how,
                               const dns::IpAddress& ip, dns::Milliseconds timeout);

/// What is wrong with the outcome of a probe over HTTPS; empty: nothing. Pure.
std::string probe_fault(const conf::Probe& how, const net::HttpOutcome& outcome);
/// The same of one over TCP, or over HTTP with what was heard so far. Pure.
std::string probe_fault(const conf::Probe& how, const net::TcpOutcome& outcome, ProbeReply& reply);

}  // namespace upstream
