#include "upstream/web_identity_keys.h"

#include <utility>

#include "upstream/aws_region.h"
#include "upstream/key_reply.h"
#include "upstream/token_file.h"

namespace upstream {
namespace {

constexpr dns::Milliseconds kTimeout{5'000};

std::string either(const std::string& first, const std::string& second) {
  return first.empty() ? second : first;
}

/// That of our region: the one for all is far away, and off where regions are closed.
std::string sts_url(const AwsEnvironment& environment) {
  std::string said = environment.endpoint("STS");
  if (!said.empty()) return said;
  const std::string region = aws_region("", environment);
  return region.empty() ? "https://sts.amazonaws.com/"
                        : "https://sts." + region + '.' + aws_domain(region) + '/';
}

std::string form(const WebIdentity& identity, const std::string& token) {
  return "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=" +
         percent_encoded(identity.role_arn) +
         "&RoleSessionName=" + percent_encoded(identity.session_name) +
         "&WebIdentityToken=" + percent_encoded(token);
}

}  // namespace

dns::Result<WebIdentity> web_identity(const AwsEnvironment& environment,
                                      const AwsProfile& profile) {
  WebIdentity made;
  const std::string& file = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE");
  made.source =
      file.empty() ? "web_identity_token_file of " + profile.files : "AWS_WEB_IDENTITY_TOKEN_FILE";
  made.token_file = either(file, profile.get("web_identity_token_file"));
  made.role_arn = either(environment.get("AWS_ROLE_ARN"), profile.get("role_arn"));
  if (made.role_arn.empty())
    return dns::Error{made.source + " is set, and the role is not: set AWS_ROLE_ARN too"};
  made.session_name =
      either(either(environment.get("AWS_ROLE_SESSION_NAME"), profile.get("role_session_name")),
             made.session_name);
  made.url = sts_url(environment);
  return made;
}

WebIdentityKeys::~WebIdentityKeys() {
  client_.cancel(request_);
}

void WebIdentityKeys::fetch(Done done) {
  const auto token = read_token_file(identity_.token_file, identity_.source);
  if (!token.ok()) return done(KeyFailure{token.error().message});
  net::HttpRequest request;
  request.method = "POST";
  request.url = identity_.url;
  request.headers = {"Content-Type: application/x-www-form-urlencoded; charset=utf-8"};
  request.body = form(identity_, token.value());
  request.timeout = kTimeout;
  request_ = client_.send(std::move(request), [this, done = std::move(done)](auto outcome) {
    request_ = 0;
    done(read(outcome));
  });
}

KeyOutcome WebIdentityKeys::read(const net::HttpOutcome& outcome) {
  const std::string place = "STS with the token of " + identity_.token_file;
  const auto* reply = std::get_if<net::HttpReply>(&outcome);
  if (reply == nullptr)
    return KeyFailure{place + ": " + std::get<net::HttpFailure>(outcome).why, true};
  clock_.correct(std::string(reply->header("date")));
  return read_sts_reply(*reply, place);
}

}  // namespace upstream
