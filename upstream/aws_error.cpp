#include "upstream/aws_error.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "upstream/printable.h"
#include "upstream/xml_names.h"

namespace upstream {
namespace {

using nlohmann::json;

constexpr std::size_t kMessageMost = 200;

/// `<ErrorResponse><Error><Code>...`, and Route 53's `<InvalidChangeBatch>` whose name is the code.
AwsError from_xml(const std::string& body) {
  pugi::xml_document document;
  if (!document.load_buffer(body.data(), body.size())) return {};
  const pugi::xml_node root = document.document_element();
  const pugi::xml_node error = local_name(root) == "Error" ? root : child_of(root, "Error");
  AwsError said;
  for (const pugi::xml_node& child : error.children()) {
    if (local_name(child) == "Code") said.code = child.child_value();
    if (local_name(child) == "Message") said.message = child.child_value();
  }
  if (error.empty() && local_name(root) == "InvalidChangeBatch") said.code = local_name(root);
  return said;
}

std::string text_of(const json& body, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = body.find(name);
    if (found != body.end() && found->is_string()) return found->get<std::string>();
  }
  return {};
}

/// `prefix#Code:http://...` of a header or `__type`.
std::string bare_code(std::string code) {
  code.erase(std::min(code.find(':'), code.size()));
  const std::size_t hash = code.find('#');
  return hash == std::string::npos ? code : code.substr(hash + 1);
}

AwsError from_json(const std::string& text) {
  const json body = json::parse(text, nullptr, false);
  if (!body.is_object()) return {};
  return {bare_code(text_of(body, {"__type", "code", "Code"})),
          text_of(body, {"message", "Message"})};
}

constexpr std::array<std::string_view, 12> kThrottling = {"Throttling",
                                                          "ThrottlingException",
                                                          "ThrottledException",
                                                          "RequestThrottled",
                                                          "RequestThrottledException",
                                                          "TooManyRequestsException",
                                                          "ProvisionedThroughputExceededException",
                                                          "RequestLimitExceeded",
                                                          "BandwidthLimitExceeded",
                                                          "SlowDown",
                                                          "EC2ThrottledException",
                                                          "PriorRequestNotComplete"};

}  // namespace

AwsError read_aws_error(const net::HttpReply& reply) {
  const std::size_t first = reply.body.find_first_not_of(" \t\r\n");
  const bool xml = first != std::string::npos && reply.body[first] == '<';
  AwsError error = xml ? from_xml(reply.body) : from_json(reply.body);
  if (error.code.empty()) error.code = bare_code(std::string(reply.header("x-amzn-errortype")));
  return error;
}

std::string sentence(const net::HttpReply& reply) {
  const AwsError error = read_aws_error(reply);
  std::string said = "HTTP " + std::to_string(reply.status);
  if (!error.code.empty()) said += ", " + printable(error.code);
  if (!error.message.empty()) said += ": " + in_quotes(error.message, kMessageMost);
  return said;
}

bool is_throttling(const net::HttpReply& reply) {
  const std::string code = read_aws_error(reply).code;
  return reply.status == 429 ||
         std::find(kThrottling.begin(), kThrottling.end(), code) != kThrottling.end();
}

bool blames_keys(const AwsError& error) {
  constexpr const char* kCodes[] = {
      "ExpiredToken",       "ExpiredTokenException",       "RequestExpired", "InvalidClientTokenId",
      "InvalidAccessKeyId", "UnrecognizedClientException", "InvalidTokenId"};
  return std::any_of(std::begin(kCodes), std::end(kCodes),
                     [&](const char* code) { return error.code == code; });
}

}  // namespace upstream
