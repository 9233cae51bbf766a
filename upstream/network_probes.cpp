#include "upstream/network_probes.h"

#include <algorithm>
#include <utility>

#include "dnsd/net/fault_words.h"

namespace upstream {
namespace {

constexpr std::uint16_t kHttpPort = 80;  // goes without saying in a Host header
constexpr dns::Milliseconds kAtOnce{0};

/// It becomes part of a URL: what could mean something there is no host.
bool is_host_name(std::string_view text) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
  return text.find_first_not_of(kLetters) == std::string_view::npos;
}

/// As it stands in a URL, and in a Host header.
std::string url_host(const std::string& host) {
  return host.find(':') != std::string::npos ? "[" + host + "]" : host;
}

std::string status_fault(const conf::Probe& how, int status) {
  const bool fine = std::any_of(how.accept.begin(), how.accept.end(), [status](unsigned accepted) {
    return static_cast<int>(accepted) == status;
  });
  return fine ? "" : "status " + std::to_string(status);
}

std::string got(const conf::Probe& how, const std::string& fault) {
  return fault.empty() ? "" : "GET " + how.path + ": " + fault;
}

}  // namespace

std::string probe_question(const ProbeAim& aim, const conf::Probe& how) {
  const std::string port = aim.port == kHttpPort ? "" : ":" + std::to_string(aim.port);
  return "GET " + how.path +
         " HTTP/1.1\r\nHost: " + (how.host.empty() ? url_host(aim.host) + port : how.host) +
         "\r\nUser-Agent: signpost/" SIGNPOST_VERSION
         "\r\nAccept: */*\r\nConnection: close\r\n\r\n";
}

net::HttpRequest probe_request(const ProbeAim& aim, const conf::Probe& how,
                               const dns::IpAddress& ip, dns::Milliseconds timeout) {
  net::HttpRequest request;
  request.url = "https://" + url_host(aim.host) + ":" + std::to_string(aim.port) + how.path;
  if (!how.host.empty()) request.headers.push_back("Host: " + how.host);
  request.headers.emplace_back(
      "Connection: close");  // the next one shall see whether it is still taken
  request.at = ip;
  request.timeout = timeout;
  request.max_body = kProbeBodyMost;
  request.first_bytes = true;
  request.tls.verify = false;
  request.direct = true;
  return request;
}

std::string probe_fault(const conf::Probe& how, const net::HttpOutcome& outcome) {
  if (const auto* failure = std::get_if<net::HttpFailure>(&outcome)) {
    return failure->connected ? got(how, failure->fault) : "connect: " + failure->fault;
  }
  return got(how, status_fault(how, std::get<net::HttpReply>(outcome).status));
}

std::string probe_fault(const conf::Probe& how, const net::TcpOutcome& outcome, ProbeReply& reply) {
  const bool ended = net::is_end(outcome.error);
  if (!outcome.connected) return "connect: " + net::fault_words(outcome.error);
  if (outcome.error != 0 && !ended) return got(how, net::fault_words(outcome.error));
  if (how.type == conf::Probe::Type::tcp) return "";
  if (ended) reply.ended();
  return got(how, reply.fault().empty() ? status_fault(how, reply.status()) : reply.fault());
}

NetworkProbes::NetworkProbes(net::Loop& loop, Http http, net::HostResolver& resolver)
    : loop_(loop), http_(std::move(http)), resolver_(resolver) {}

NetworkProbes::~NetworkProbes() {
  while (!flights_.empty()) cancel(flights_.begin()->first);
}

ProbeId NetworkProbes::ask(const ProbeAim& aim, const conf::Probe& how, Done done) {
  const ProbeId id = ++last_;
  Flight& flight = flights_[id];
  flight.aim = aim;
  flight.how = how;
  flight.done = std::move(done);
  flight.deadline = loop_.now() + how.timeout;
  if (auto ip = dns::IpAddress::from_text(aim.host); ip.ok()) {
    flight.left.push_back(ip.value());
    try_next(id);
  } else {
    flight.timer = loop_.after(kAtOnce, [this, id] { begin_look_up(id); });
  }
  return id;
}

void NetworkProbes::cancel(ProbeId id) {
  const auto flight = flights_.find(id);
  if (flight == flights_.end()) return;
  loop_.cancel(flight->second.timer);
  if (flight->second.http != 0) http_().cancel(flight->second.http);
  flights_.erase(flight);
}

dns::Milliseconds NetworkProbes::time_left(const Flight& flight) const {
  return std::max(std::chrono::ceil<dns::Milliseconds>(flight.deadline - loop_.now()),
                  dns::Milliseconds(1));
}

void NetworkProbes::begin_look_up(ProbeId id) {
  flights_.at(id).timer = 0;
  if (!is_host_name(flights_.at(id).aim.host)) return end(id, std::nullopt);
  look_up(id);
}

void NetworkProbes::look_up(ProbeId id) {
  Flight& flight = flights_.at(id);
  flight.timer = loop_.after(time_left(flight), [this, id] { end(id, std::nullopt); });
  resolver_.resolve(flight.aim.host, [this, id, alive = std::weak_ptr<bool>(alive_)](auto found) {
    if (alive.expired() || !flights_.contains(id)) return;
    Flight& waiting = flights_.at(id);
    if (waiting.timer == 0) return;
    loop_.cancel(std::exchange(waiting.timer, 0));
    if (!found.ok() || found.value().empty()) return end(id, std::nullopt);
    waiting.left.assign(found.value().rbegin(), found.value().rend());
    try_next(id);
  });
}

void NetworkProbes::try_next(ProbeId id) {
  Flight& flight = flights_.at(id);
  const dns::IpAddress ip = flight.left.back();
  flight.left.pop_back();
  flight.how.type == conf::Probe::Type::https ? get(id, ip) : connect(id, ip);
}

/// Over HTTP/1 in the clear, libcurl would cost more than all the rest of a probe.
void NetworkProbes::connect(ProbeId id, const dns::IpAddress& ip) {
  Flight& flight = flights_.at(id);
  net::TcpExchange exchange;
  if (flight.how.type == conf::Probe::Type::http) {
    flight.reply = {};
    exchange.question = probe_question(flight.aim, flight.how);
    exchange.heard = [&reply = flight.reply](std::string_view part) { return reply.read(part); };
  }
  flight.tcp = std::make_unique<net::TcpProbe>(
      loop_, dns::SocketAddress{ip, flight.aim.port}, time_left(flight),
      [this, id](const net::TcpOutcome& outcome) { connected(id, outcome); }, std::move(exchange));
}

void NetworkProbes::connected(ProbeId id, const net::TcpOutcome& outcome) {
  if (net::is_lack(outcome.error)) return end(id, std::nullopt);
  Flight& flight = flights_.at(id);
  tried(id, probe_fault(flight.how, outcome, flight.reply));
}

void NetworkProbes::get(ProbeId id, const dns::IpAddress& ip) {
  Flight& flight = flights_.at(id);
  flight.http =
      http_().send(probe_request(flight.aim, flight.how, ip, time_left(flight)),
                   [this, id](const net::HttpOutcome& outcome) { answered(id, outcome); });
}

void NetworkProbes::answered(ProbeId id, const net::HttpOutcome& outcome) {
  Flight& flight = flights_.at(id);
  flight.http = 0;
  const auto* failure = std::get_if<net::HttpFailure>(&outcome);
  if (failure != nullptr && failure->ours) return end(id, std::nullopt);
  tried(id, probe_fault(flight.how, outcome));
}

void NetworkProbes::tried(ProbeId id, const std::string& fault) {
  const Flight& flight = flights_.at(id);
  const bool in_time = loop_.now() < flight.deadline;
  if (!fault.empty() && !flight.left.empty() && in_time) return try_next(id);
  end(id, cache::ProbeResult{fault.empty(), fault});
}

void NetworkProbes::end(ProbeId id, std::optional<cache::ProbeResult> result) {
  const Done done = std::move(flights_.at(id).done);
  cancel(id);
  done(std::move(result));
}

}  // namespace upstream
