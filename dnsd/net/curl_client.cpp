#include "dnsd/net/curl_client.h"

#include <map>
#include <optional>
#include <utility>

#include "dnsd/net/curl_sockets.h"
#include "dnsd/net/curl_transfer.h"
#include "dnsd/net/host_resolver.h"
#include "dnsd/net/loop.h"

namespace net {
namespace {

using Addresses = std::vector<dns::IpAddress>;

const std::uint8_t kLoopbackV6[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

Addresses loopback() {
  return {dns::IpAddress::v4(0x7f000001), dns::IpAddress::v6(kLoopbackV6)};
}

/// One request, from send() until its `done`.
struct Pending {
  HttpRequest request;
  HttpClient::Done done;
  dns::Time deadline;
  HttpTarget target;
  std::vector<ResolvedHost> resolved;
  std::size_t lookups = 0;  // not yet answered
  TimerId timer = 0;        // first to start, then the deadline of the look-ups, last to deliver
  std::unique_ptr<CurlTransfer> transfer;
  std::optional<HttpOutcome> outcome;
};

}  // namespace

struct CurlClient::Parts : std::enable_shared_from_this<CurlClient::Parts> {
  Loop& loop;
  HostResolver& resolver;
  ProxySettings proxies;
  std::map<HttpRequestId, Pending> pending;
  HttpRequestId last_id = 0;
  CurlSockets sockets;

  Parts(Loop& on, HostResolver& names, ProxySettings by)
      : loop(on),
        resolver(names),
        proxies(std::move(by)),
        sockets(on, [this](CURL* over, CURLcode result) { finished(over, result); }) {}

  ~Parts() {
    while (!pending.empty()) forget(pending.begin()->first);
  }

  HttpRequestId send(HttpRequest request, Done done) {
    const HttpRequestId id = ++last_id;
    Pending& one = pending[id];
    one.deadline = loop.now() + request.timeout;
    one.request = std::move(request);
    one.done = std::move(done);
    one.timer = loop.after(dns::Milliseconds(0), [this, id] { start(id); });
    return id;
  }

  void forget(HttpRequestId id) {
    const auto found = pending.find(id);
    if (found == pending.end()) return;
    loop.cancel(found->second.timer);
    if (found->second.transfer) sockets.remove(found->second.transfer->handle());
    pending.erase(found);
  }

  void start(HttpRequestId id) {
    Pending& one = pending.at(id);
    auto target = read_http_target(one.request.url, one.request.direct ? ProxySettings{} : proxies);
    if (!target.ok()) {
      fail(id, target.error().message);
      return;
    }
    one.target = std::move(target).value();
    one.timer = loop.after(one.request.timeout, [this, id] { look_up_timed_out(id); });
    look_up(id);
  }

  /// Looks up every host that is a name; the last answer starts the transfer.
  void look_up(HttpRequestId id) {
    const std::vector<HttpHost> hosts = pending.at(id).target.hosts;
    pending.at(id).lookups = hosts.size();
    for (const HttpHost& host : hosts) {
      if (pending.at(id).request.at && !host.is_address()) {
        looked_up(id, host, Addresses{*pending.at(id).request.at});
      } else if (host.is_address()) {
        looked_up(id, host, Addresses{});
      } else if (host.is_localhost()) {
        looked_up(id, host, loopback());
      } else {
        resolver.resolve(host.name, [weak = weak_from_this(), id, host](auto answer) {
          if (const auto self = weak.lock()) self->looked_up(id, host, std::move(answer));
        });
      }
    }
  }

  void looked_up(HttpRequestId id, const HttpHost& host, dns::Result<Addresses> answer) {
    const auto found = pending.find(id);
    if (found == pending.end() || found->second.outcome) return;
    if (!answer.ok()) {
      fail(id, found->second.request.method + " " + found->second.target.shown + ": " +
                   answer.error().message);
      return;
    }
    if (!answer.value().empty()) found->second.resolved.push_back({host, answer.value()});
    if (--found->second.lookups == 0) transfer(found->second);
  }

  void look_up_timed_out(HttpRequestId id) {
    const Pending& one = pending.at(id);
    fail(id, one.request.method + " " + one.target.shown + ": the name was not looked up within " +
                 std::to_string(one.request.timeout.count()) + " ms");
  }

  /// libcurl keeps the time from here on.
  void transfer(Pending& one) {
    loop.cancel(std::exchange(one.timer, 0));
    const auto left = std::chrono::ceil<dns::Milliseconds>(one.deadline - loop.now());
    one.request.timeout = std::max(left, dns::Milliseconds(1));
    one.transfer = std::make_unique<CurlTransfer>(one.request, one.target, one.resolved);
    sockets.add(one.transfer->handle());
  }

  void finished(CURL* over, CURLcode result) {
    for (auto& [id, one] : pending) {
      if (!one.transfer || one.transfer->handle() != over) continue;
      settle(id, one.transfer->outcome(result));
      return;
    }
  }

  void fail(HttpRequestId id, const std::string& why) { settle(id, HttpFailure{false, why}); }

  /// `done` is called by the loop, not from within libcurl or a resolver.
  void settle(HttpRequestId id, HttpOutcome outcome) {
    Pending& one = pending.at(id);
    loop.cancel(one.timer);
    one.outcome = std::move(outcome);
    one.timer = loop.after(dns::Milliseconds(0), [this, id] { deliver(id); });
  }

  void deliver(HttpRequestId id) {
    const Done done = std::move(pending.at(id).done);
    HttpOutcome outcome = std::move(*pending.at(id).outcome);
    forget(id);
    done(std::move(outcome));
  }
};

CurlClient::CurlClient(Loop& loop, HostResolver& resolver, ProxySettings proxies)
    : parts_(std::make_shared<Parts>(loop, resolver, std::move(proxies))) {}

CurlClient::~CurlClient() = default;

HttpRequestId CurlClient::send(HttpRequest request, Done done) {
  return parts_->send(std::move(request), std::move(done));
}

void CurlClient::cancel(HttpRequestId id) {
  parts_->forget(id);
}

}  // namespace net
