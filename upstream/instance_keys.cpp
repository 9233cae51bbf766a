#include "upstream/instance_keys.h"

#include <algorithm>
#include <utility>

#include "upstream/key_reply.h"
#include "upstream/printable.h"
#include "upstream/token_file.h"

namespace upstream {
namespace {

constexpr const char* kRolePath = "/latest/meta-data/iam/security-credentials/";
constexpr dns::Milliseconds kTimeout{1'000};
constexpr std::chrono::minutes kNewKeysBeforeTheEnd{5};
constexpr std::chrono::minutes kExtension{15};
constexpr std::uint64_t kLeastJitter = 120;
constexpr std::uint64_t kMostJitter = 600;

/// It goes into a path.
bool is_role(const std::string& text) {
  return !text.empty() && text.size() <= 256 && std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < '\x7f' && c != '/' && c != '?' && c != '#' && c != '%';
  });
}

}  // namespace

std::string instance_metadata_url(const AwsEnvironment& environment) {
  std::string said = environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  while (said.ends_with('/')) said.pop_back();
  if (!said.empty()) return said;
  const std::string& mode = environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
  return mode == "IPv6" || mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

KeySet with_static_stability(KeySet set, WallTime now, dns::Random& random) {
  if (!set.expires || *set.expires - now >= kNewKeysBeforeTheEnd) return set;
  const auto jitter = kLeastJitter + random.below(kMostJitter - kLeastJitter + 1);
  set.expires = now + kExtension + std::chrono::seconds(jitter);
  return set;
}

InstanceKeys::InstanceKeys(const AwsEnvironment& environment, net::HttpClient& client,
                           const AwsClock& clock, dns::Random& random)
    : base_(instance_metadata_url(environment)),
      place_("the instance metadata service " + printable(base_)),
      client_(client),
      clock_(clock),
      random_(random) {}

InstanceKeys::~InstanceKeys() {
  client_.cancel(request_);
}

void InstanceKeys::fetch(Done done) {
  done_ = std::move(done);
  asked_again_ = false;
  ask_for_token();
}

void InstanceKeys::ask_for_token() {
  net::HttpRequest request;
  request.method = "PUT";
  request.url = base_ + "/latest/api/token";
  request.headers = {"X-aws-ec2-metadata-token-ttl-seconds: 21600"};
  send(std::move(request), &InstanceKeys::got_token);
}

void InstanceKeys::got_token(const net::HttpReply& reply) {
  auto token = one_line(reply.body, place_);
  if (reply.status != 200) return fail("its token: HTTP " + std::to_string(reply.status));
  if (!token.ok() || token.value().empty()) return fail("expected a token, found none");
  token_ = std::move(token).value();
  ask_for_role();
}

void InstanceKeys::ask_for_role() {
  get(kRolePath, &InstanceKeys::got_role);
}

void InstanceKeys::got_role(const net::HttpReply& reply) {
  if (asks_again(reply)) return;
  if (reply.status == 404) return fail("the instance has no role");
  if (reply.status != 200) return fail("the role's name: HTTP " + std::to_string(reply.status));
  std::string role = reply.body.substr(0, reply.body.find('\n'));
  role.erase(role.find_last_not_of(" \t\r") + 1);
  if (!is_role(role)) return fail("expected the name of a role, found " + in_quotes(role));
  ask_for_keys(role);
}

void InstanceKeys::ask_for_keys(const std::string& role) {
  get(kRolePath + role, &InstanceKeys::got_keys);
}

void InstanceKeys::got_keys(const net::HttpReply& reply) {
  if (asks_again(reply)) return;
  KeyOutcome outcome = read_key_json(reply, place_);
  if (auto* set = std::get_if<KeySet>(&outcome))
    *set = with_static_stability(std::move(*set), clock_.now(), random_);
  finish(std::move(outcome));
}

/// A token that has expired is a 401: everything once more, with a new one.
bool InstanceKeys::asks_again(const net::HttpReply& reply) {
  if (reply.status != 401 || std::exchange(asked_again_, true)) return false;
  ask_for_token();
  return true;
}

void InstanceKeys::get(const std::string& path, Heard heard) {
  net::HttpRequest request;
  request.url = base_ + path;
  request.headers = {"X-aws-ec2-metadata-token: " + token_};
  send(std::move(request), heard);
}

void InstanceKeys::send(net::HttpRequest request, Heard heard) {
  request.timeout = kTimeout;
  request.direct = true;
  request_ = client_.send(std::move(request), [this, heard](const net::HttpOutcome& outcome) {
    request_ = 0;
    const auto* reply = std::get_if<net::HttpReply>(&outcome);
    if (reply != nullptr) return (this->*heard)(*reply);
    fail(std::get<net::HttpFailure>(outcome).why);
  });
}

void InstanceKeys::fail(const std::string& why) {
  finish(KeyFailure{place_ + ": " + why});
}

void InstanceKeys::finish(KeyOutcome outcome) {
  const Done done = std::exchange(done_, nullptr);
  done(std::move(outcome));
}

}  // namespace upstream
