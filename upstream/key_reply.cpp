#include "upstream/key_reply.h"

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "upstream/aws_error.h"
#include "upstream/printable.h"
#include "upstream/wall_time.h"
#include "upstream/xml_names.h"

namespace upstream {
namespace {

using nlohmann::json;

/// The fields as they came; empty: not there.
struct Fields {
  std::string id, secret, token, expiration;
};

KeyOutcome keys_of(const Fields& fields, const std::string& place) {
  if (fields.id.empty() || fields.secret.empty())
    return KeyFailure{place +
                          ": expected AccessKeyId and SecretAccessKey in the reply, found "
                          "none or one of them",
                      true};
  KeySet set{{fields.id, fields.secret, fields.token}, {}, place};
  if (fields.expiration.empty()) return set;
  set.expires = read_rfc3339(fields.expiration);
  if (set.expires) return set;
  return KeyFailure{place + ": expected a time as Expiration, found " +
                    in_quotes(fields.expiration)};
}

/// A server that fails, or is asked too much, may do better in a second.
KeyFailure refusal(const net::HttpReply& reply, const std::string& place) {
  const bool passing = reply.status >= 500 || reply.status == 429;
  return {place + ": " + sentence(reply), passing};
}

std::string text_of(const json& body, const char* name) {
  const auto found = body.find(name);
  return found != body.end() && found->is_string() ? found->get<std::string>() : "";
}

std::string text_in(const pugi::xml_node& parent, std::string_view name) {
  return child_of(parent, name).child_value();
}

/// STS could not reach the identity provider, or is busy.
bool may_pass(const std::string& code) {
  return code == "IDPCommunicationError" || code == "Throttling";
}

}  // namespace

KeyOutcome read_key_json(const net::HttpReply& reply, const std::string& place) {
  if (reply.status != 200) return refusal(reply, place);
  const json body = json::parse(reply.body, nullptr, false);
  if (!body.is_object()) return KeyFailure{place + ": HTTP 200, but the body is no JSON", true};
  const std::string code = text_of(body, "Code");
  if (!code.empty() && code != "Success") return KeyFailure{place + ": " + sentence(reply)};
  return keys_of({text_of(body, "AccessKeyId"), text_of(body, "SecretAccessKey"),
                  text_of(body, "Token"), text_of(body, "Expiration")},
                 place);
}

KeyOutcome read_sts_reply(const net::HttpReply& reply, const std::string& place) {
  if (reply.status != 200) {
    KeyFailure failure = refusal(reply, place);
    failure.passing = failure.passing || may_pass(read_aws_error(reply).code);
    return failure;
  }
  pugi::xml_document document;
  if (!document.load_buffer(reply.body.data(), reply.body.size()))
    return KeyFailure{place + ": HTTP 200, but the body is no XML", true};
  const pugi::xml_node keys =
      child_of(child_of(child_of(document, "AssumeRoleWithWebIdentityResponse"),
                        "AssumeRoleWithWebIdentityResult"),
               "Credentials");
  return keys_of({text_in(keys, "AccessKeyId"), text_in(keys, "SecretAccessKey"),
                  text_in(keys, "SessionToken"), text_in(keys, "Expiration")},
                 place);
}

}  // namespace upstream
