// Requests to an etcd cluster: to one endpoint until next_endpoint(), with a
// token where a user is configured. A token that etcd does not know (any more) is fetched
// anew, once for each request.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "conf/config.h"
#include "dnsd/dns/result.h"
#include "dnsd/net/http_client.h"
#include "dnsd/net/timers.h"

namespace upstream {

struct EtcdRequest {
  std::string_view path;  // kEtcdRange, ...
  std::string body;
  dns::Milliseconds timeout{2000};
  std::size_t max_body = net::kHttpBodyLimit;
  std::function<void(std::string_view part)> on_part;  // as of net::HttpRequest
};

class EtcdClient {
 public:
  using Id = std::uint64_t;  // 0 is no request
  /// The body of a 200, or why there is none, with the URL.
  using Done = std::function<void(dns::Result<std::string>)>;

  /// REQUIRES: `catalog.type` is etcd. `http` and `timers` must outlive the client.
  EtcdClient(conf::Catalog catalog, net::HttpClient& http, net::Timers& timers)
      : catalog_(std::move(catalog)), http_(http), timers_(timers) {}
  ~EtcdClient();
  EtcdClient(const EtcdClient&) = delete;
  EtcdClient& operator=(const EtcdClient&) = delete;

  /// `done` is called once, never before send() returns, and not at all once
  /// cancelled or once the client is destroyed.
  Id send(EtcdRequest request, Done done);
  /// One that is done, or 0, is nothing to cancel.
  void cancel(Id id);

  /// Later requests go to the next of the endpoints, round and round.
  void next_endpoint() { endpoint_ = (endpoint_ + 1) % catalog_.endpoints.size(); }
  std::size_t endpoints() const { return catalog_.endpoints.size(); }
  /// The token is no good: the next request fetches another.
  void forget_token();
  /// Sent since the start.
  std::uint64_t requests() const { return requests_; }

 private:
  struct Pending {
    EtcdRequest request;
    Done done;
    net::HttpRequestId http = 0;
    net::TimerId timer = 0;  // to say a failure found at once
    bool again = false;      // its token was renewed already
  };

  void go(Id id);
  void authenticate(Id id);
  void take_token(Id id, const net::HttpOutcome& outcome);
  void post(Id id);
  void take_reply(Id id, net::HttpOutcome outcome);
  void fail_later(Id id, dns::Error error);
  void settle(Id id, dns::Result<std::string> result);
  net::HttpRequest http_request(std::string_view path, std::string body) const;
  std::string url(std::string_view path) const;

  conf::Catalog catalog_;
  net::HttpClient& http_;
  net::Timers& timers_;
  std::size_t endpoint_ = 0;
  std::string token_;
  bool without_token_ = false;  // the cluster wants none, though a user is configured
  std::uint64_t requests_ = 0;
  Id last_ = 0;
  std::map<Id, Pending> pending_;
};

}  // namespace upstream
