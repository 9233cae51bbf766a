// Signs what it reads, for system/test_signatures.py: a line of JSON in, the
// signature out. `url`, `method`, `headers` ([[name, value], ...]), `body`, `id`, `secret`,
// `token`, `region`, `service`, `time` (seconds).
#include <iostream>
#include <nlohmann/json.hpp>

#include "upstream/aws_call.h"

namespace {

upstream::AwsCall call_of(const nlohmann::json& asked) {
  upstream::AwsCall call = upstream::aws_call(asked.at("url")).value();
  call.request.method = asked.at("method");
  call.request.body = asked.at("body");
  for (const auto& header : asked.at("headers"))
    call.request.headers.emplace_back(header.at(0), header.at(1));
  call.scope = {asked.at("region"), asked.at("service")};
  return call;
}

std::string signature_of(const net::HttpRequest& request) {
  for (const std::string& line : request.headers) {
    const std::size_t at = line.find("Signature=");
    if (at != std::string::npos) return line.substr(at + 10);
  }
  return "none";
}

}  // namespace

int main() {
  for (std::string line; std::getline(std::cin, line);) {
    const auto asked = nlohmann::json::parse(line);
    const upstream::AwsKeys keys{asked.at("id"), asked.at("secret"), asked.at("token")};
    const upstream::WallTime when{std::chrono::seconds(asked.at("time").get<std::int64_t>())};
    std::cout << signature_of(signed_request(call_of(asked), keys, when)) << '\n';
  }
  return 0;
}
