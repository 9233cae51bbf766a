#include "upstream/network_probes.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

const dns::IpAddress kAddress = dns::IpAddress::v4(0x0a000107);

net::HttpRequest request_to(const std::string& host, const conf::Probe& how = {}) {
  return probe_request({host, 8081}, how, kAddress, dns::Milliseconds(500));
}

TEST(ProbeRequest, AsksForThePathAtTheInstancesOwnAddressAndPort) {
  const auto request = request_to("api.example");
  EXPECT_EQ(request.url, "http://api.example:8081/health");
  EXPECT_EQ(request.at, kAddress);
  EXPECT_TRUE(request.direct);
  EXPECT_EQ(request.timeout, dns::Milliseconds(500));
}

TEST(ProbeRequest, AnIpv6AddressStandsInBrackets) {
  EXPECT_EQ(request_to("2001:db8::1").url, "http://[2001:db8::1]:8081/health");
}

TEST(ProbeRequest, TheConfiguredHostIsItsHostHeader) {
  conf::Probe how;
  how.type = conf::Probe::Type::https;
  how.host = "www.example";
  how.path = "/live";
  const auto request = request_to("10.0.1.7", how);
  EXPECT_EQ(request.url, "https://10.0.1.7:8081/live");
  EXPECT_EQ(request.headers.front(), "Host: www.example");
  EXPECT_FALSE(request.tls.verify);
}

std::string fault(const net::HttpOutcome& outcome, std::vector<unsigned> accept = {200}) {
  conf::Probe how;
  how.accept = std::move(accept);
  return probe_fault(how, outcome);
}

TEST(ProbeFault, AnAcceptedStatusIsNone) {
  EXPECT_EQ(fault(net::HttpReply{200, "", {}}), "");
  EXPECT_EQ(fault(net::HttpReply{204, "", {}}, {200, 204}), "");
}

TEST(ProbeFault, AnyOtherStatusIsSaid) {
  EXPECT_EQ(fault(net::HttpReply{503, "", {}}), "GET /health: status 503");
  EXPECT_EQ(fault(net::HttpReply{200, "", {}}, {204}), "GET /health: status 200");
}

TEST(ProbeFault, SaysWhetherItGotThatFar) {
  EXPECT_EQ(fault(net::HttpFailure{false, "GET http://h: no", "refused"}), "connect: refused");
  EXPECT_EQ(fault(net::HttpFailure{true, "GET http://h: no", "timed out"}),
            "GET /health: timed out");
}

}  // namespace
}  // namespace upstream
