#include "upstream/signed_http.h"

#include "upstream/aws_region.h"

namespace upstream {

net::HttpRequestId SignedHttp::send(net::HttpRequest request, Done done) {
  const auto read = aws_call(request.url);
  AwsCall call = read.ok() ? read.value() : AwsCall{};
  call.request.method = std::move(request.method);
  call.request.body = std::move(request.body);
  call.more_headers = std::move(request.headers);
  call.timeout = request.timeout;
  call.max_body = request.max_body;
  const std::string said = region_in_host(call.request.host, service_);
  call.scope = {said.empty() ? region_ : said, service_};
  return api_.send(std::move(call), std::move(done));
}

}  // namespace upstream
