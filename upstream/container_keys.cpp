#include "upstream/container_keys.h"

#include <algorithm>
#include <utility>

#include "dnsd/dns/address.h"
#include "upstream/endpoint.h"
#include "upstream/key_reply.h"
#include "upstream/printable.h"
#include "upstream/token_file.h"

namespace upstream {
namespace {

constexpr const char* kRelative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* kFull = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* kTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr const char* kToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr const char* kEcsHost = "http://169.254.170.2";
constexpr dns::Milliseconds kTimeout{2'000};

bool is_loopback(const std::string& host) {
  const auto address = dns::IpAddress::from_text(host);
  if (!address.ok()) return host == "localhost";
  return host == "::1" || (host.find(':') == std::string::npos && host.starts_with("127."));
}

/// Addresses that only this host and its hypervisor answer at.
bool is_ours(const std::string& host) {
  constexpr const char* kLinkLocal[] = {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
  return is_loopback(host) || std::any_of(std::begin(kLinkLocal), std::end(kLinkLocal),
                                          [&](const char* known) { return host == known; });
}

/// Without the URL: its path is all that ECS asks for as proof of who we are.
std::string what_happened(const net::HttpFailure& failure) {
  return failure.connected ? " did not answer in time, or not whole" : " cannot be reached";
}

}  // namespace

bool has_container_endpoint(const AwsEnvironment& environment) {
  return !environment.get(kRelative).empty() || !environment.get(kFull).empty();
}

dns::Result<std::string> container_url(const AwsEnvironment& environment) {
  const std::string& relative = environment.get(kRelative);
  if (relative.starts_with('/')) return kEcsHost + relative;
  if (!relative.empty())
    return dns::Error{std::string(kRelative) +
                      ": expected a path such as /v2/credentials/..., found no slash at its start"};
  const std::string& full = environment.get(kFull);
  const auto place = endpoint_from_url(full);
  const bool encrypted = full.starts_with("https://");
  if (place && (encrypted || (full.starts_with("http://") && is_ours(place->host)))) return full;
  return dns::Error{std::string(kFull) +
                    ": expected https://, or http:// with a loopback address, localhost, "
                    "169.254.170.2, 169.254.170.23 or [fd00:ec2::23], found " +
                    (place ? "the host " + in_quotes(place->host) : "no URL")};
}

dns::Result<std::string> container_token(const AwsEnvironment& environment) {
  const std::string& file = environment.get(kTokenFile);
  return file.empty() ? one_line(environment.get(kToken), kToken)
                      : read_token_file(file, kTokenFile);
}

ContainerKeys::~ContainerKeys() {
  client_.cancel(request_);
}

void ContainerKeys::fetch(Done done) {
  const auto url = container_url(environment_);
  if (!url.ok()) return done(KeyFailure{url.error().message});
  const auto token = container_token(environment_);
  if (!token.ok()) return done(KeyFailure{token.error().message});

  net::HttpRequest request;
  request.url = url.value();
  request.headers = {"Accept: application/json"};
  if (!token.value().empty()) request.headers.push_back("Authorization: " + token.value());
  request.timeout = kTimeout;
  request.direct = true;
  const std::string place = "the container's endpoint";
  request_ = client_.send(std::move(request), [this, place, done = std::move(done)](auto outcome) {
    request_ = 0;
    const auto* reply = std::get_if<net::HttpReply>(&outcome);
    if (reply != nullptr) return done(read_key_json(*reply, place));
    done(KeyFailure{place + what_happened(std::get<net::HttpFailure>(outcome)), true});
  });
}

}  // namespace upstream
