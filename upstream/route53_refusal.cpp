#include "upstream/route53_refusal.h"

#include "upstream/aws_error.h"

namespace upstream {
namespace {

/// What to do; empty: nothing that we know of.
std::string advice(const std::string& code, const Route53Call& call) {
  if (code == "AccessDenied" || code == "AccessDeniedException") {
    return "allow route53:" + call.action + " on " + call.resource + " for these credentials";
  }
  if (code == "NoSuchHostedZone") {
    return "check the catalog's zone, and whether the credentials are of its account";
  }
  if (code == "SignatureDoesNotMatch") return "check the secret access key and this host's clock";
  if (code == "InvalidClientTokenId" || code == "UnrecognizedClientException") {
    return "check the access key id: AWS does not know it";
  }
  if (code.starts_with("ExpiredToken")) return "fetch new credentials: these have expired";
  return {};
}

}  // namespace

Route53Failure read_refusal(const net::HttpReply& reply, const Route53Call& call) {
  const AwsError error = read_aws_error(reply);
  Route53Failure failure{"Route 53 refused " + call.action + ": " + sentence(reply), error.code,
                         reply.status < 500 && !is_throttling(reply)};
  const std::string help = advice(error.code, call);
  if (!help.empty()) failure.why += "; " + help;
  return failure;
}

}  // namespace upstream
