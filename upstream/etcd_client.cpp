#include "upstream/etcd_client.h"

#include <utility>

#include "dnsd/net/whole_file.h"
#include "upstream/etcd_reply.h"
#include "upstream/etcd_request.h"

namespace upstream {
namespace {

constexpr std::size_t kMaxPasswordFile = 4096;
constexpr int kUnauthorized = 401;

dns::Result<std::string> password_in(const std::string& file) {
  if (file.empty()) return std::string();
  auto text = net::read_whole_file(file, kMaxPasswordFile);
  if (!text.ok()) return text;
  std::string password = std::move(text).value();
  while (password.ends_with('\n') || password.ends_with('\r')) password.pop_back();
  return password;
}

bool wants_no_token(std::string_view reason) {
  return reason.find("authentication is not enabled") != std::string_view::npos;
}

}  // namespace

EtcdClient::~EtcdClient() {
  while (!pending_.empty()) cancel(pending_.begin()->first);
}

EtcdClient::Id EtcdClient::send(EtcdRequest request, Done done) {
  const Id id = ++last_;
  Pending& pending = pending_[id];
  pending.request = std::move(request);
  pending.done = std::move(done);
  go(id);
  return id;
}

void EtcdClient::cancel(Id id) {
  const auto found = pending_.find(id);
  if (found == pending_.end()) return;
  http_.cancel(found->second.http);
  timers_.cancel(found->second.timer);
  pending_.erase(found);
}

void EtcdClient::forget_token() {
  token_.clear();
  without_token_ = false;
}

void EtcdClient::go(Id id) {
  const bool has_token = catalog_.user.empty() || !token_.empty() || without_token_;
  has_token ? post(id) : authenticate(id);
}

/// The password is read each time: it may have changed.
void EtcdClient::authenticate(Id id) {
  const auto password = password_in(catalog_.password_file);
  if (!password.ok()) {
    fail_later(id, password.error());
    return;
  }
  Pending& pending = pending_.at(id);
  pending.http = http_.send(
      http_request(kEtcdAuthenticate, etcd_authenticate_body(catalog_.user, password.value())),
      [this, id](const net::HttpOutcome& outcome) { take_token(id, outcome); });
  ++requests_;
}

void EtcdClient::take_token(Id id, const net::HttpOutcome& outcome) {
  if (const auto* failure = std::get_if<net::HttpFailure>(&outcome)) {
    settle(id, dns::Error{failure->why});
    return;
  }
  const auto& reply = std::get<net::HttpReply>(outcome);
  auto token = reply.status == 200
                   ? read_etcd_token(reply.body)
                   : dns::Result<std::string>(dns::Error{"HTTP " + std::to_string(reply.status) +
                                                         ": " + etcd_reason(reply.body)});
  without_token_ = !token.ok() && wants_no_token(token.error().message);
  if (token.ok() || without_token_) {
    token_ = token.ok() ? std::move(token).value() : "";
    post(id);
    return;
  }
  settle(id, dns::Error{"POST " + url(kEtcdAuthenticate) + " as " + catalog_.user + ": " +
                        token.error().message});
}

void EtcdClient::post(Id id) {
  Pending& pending = pending_.at(id);
  net::HttpRequest request = http_request(pending.request.path, pending.request.body);
  request.timeout = pending.request.timeout;
  request.max_body = pending.request.max_body;
  request.on_part = pending.request.on_part;
  if (!token_.empty()) request.headers.push_back("Authorization: " + token_);
  pending.http = http_.send(std::move(request), [this, id](net::HttpOutcome outcome) {
    take_reply(id, std::move(outcome));
  });
  ++requests_;
}

void EtcdClient::take_reply(Id id, net::HttpOutcome outcome) {
  if (const auto* failure = std::get_if<net::HttpFailure>(&outcome)) {
    settle(id, dns::Error{failure->why});
    return;
  }
  auto& reply = std::get<net::HttpReply>(outcome);
  if (reply.status == 200) {
    settle(id, std::move(reply.body));
    return;
  }
  const std::string reason = etcd_reason(reply.body);
  Pending& pending = pending_.at(id);
  const bool bad_token = reply.status == kUnauthorized || wants_new_token(reason);
  if (bad_token && !catalog_.user.empty() && !std::exchange(pending.again, true)) {
    forget_token();
    go(id);
    return;
  }
  settle(id, dns::Error{"POST " + url(pending.request.path) + ": HTTP " +
                        std::to_string(reply.status) + ": " + reason});
}

void EtcdClient::fail_later(Id id, dns::Error error) {
  pending_.at(id).timer = timers_.after(
      dns::Milliseconds(0), [this, id, error = std::move(error)] { settle(id, error); });
}

void EtcdClient::settle(Id id, dns::Result<std::string> result) {
  const Done done = std::move(pending_.at(id).done);
  pending_.erase(id);
  done(std::move(result));
}

net::HttpRequest EtcdClient::http_request(std::string_view path, std::string body) const {
  net::HttpRequest request;
  request.url = url(path);
  request.method = "POST";
  request.headers = {"Content-Type: application/json"};
  request.body = std::move(body);
  request.tls = {catalog_.ca_file, catalog_.cert_file, catalog_.key_file};
  return request;
}

std::string EtcdClient::url(std::string_view path) const {
  std::string_view endpoint = catalog_.endpoints[endpoint_];
  while (endpoint.ends_with('/')) endpoint.remove_suffix(1);
  return std::string(endpoint) + std::string(path);
}

}  // namespace upstream
