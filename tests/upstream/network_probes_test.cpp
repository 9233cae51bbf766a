#include "upstream/network_probes.h"

#include <gtest/gtest.h>
#include <uv.h>

namespace upstream {
namespace {

const dns::IpAddress kAddress = dns::IpAddress::v4(0x0a000107);

net::HttpRequest request_to(const std::string& host, const conf::Probe& how = {}) {
  return probe_request({host, 8081}, how, kAddress, dns::Milliseconds(500));
}

TEST(ProbeRequest, AsksForThePathAtTheInstancesOwnAddressAndPort) {
  const auto request = request_to("api.example");
  EXPECT_EQ(request.url, "https://api.example:8081/health");
  EXPECT_EQ(request.at, kAddress);
  EXPECT_TRUE(request.direct);
  EXPECT_EQ(request.timeout, dns::Milliseconds(500));
}

TEST(ProbeRequest, AnIpv6AddressStandsInBrackets) {
  EXPECT_EQ(request_to("2001:db8::1").url, "https://[2001:db8::1]:8081/health");
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

TEST(ProbeQuestion, IsOneRequestThatEndsTheConnection) {
  EXPECT_EQ(probe_question({"10.0.1.7", 8081}, {}),
            "GET /health HTTP/1.1\r\nHost: 10.0.1.7:8081\r\nUser-Agent: signpost/" SIGNPOST_VERSION
            "\r\nAccept: */*\r\nConnection: close\r\n\r\n");
}

std::string host_header(const ProbeAim& aim, const std::string& configured = "") {
  conf::Probe how;
  how.host = configured;
  const std::string said = probe_question(aim, how);
  const std::size_t from = said.find("Host: ") + 6;
  return said.substr(from, said.find('\r', from) - from);
}

TEST(ProbeQuestion, ItsHostIsTheConfiguredOneOrTheInstancesOwn) {
  EXPECT_EQ(host_header({"2001:db8::1", 8081}), "[2001:db8::1]:8081");
  EXPECT_EQ(host_header({"api.example", 80}), "api.example");
  EXPECT_EQ(host_header({"10.0.1.7", 8081}, "www.example"), "www.example");
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

std::string fault(const net::TcpOutcome& outcome, const std::string& heard, conf::Probe how = {}) {
  ProbeReply reply;
  if (!heard.empty()) reply.read(heard);
  return probe_fault(how, outcome, reply);
}

constexpr net::TcpOutcome kEnough{true, 0}, kEnded{true, UV_EOF}, kSilent{true, UV_ETIMEDOUT},
    kRefused{false, UV_ECONNREFUSED};

TEST(TcpProbeFault, OverTcpAConnectionIsEnough) {
  conf::Probe tcp;
  tcp.type = conf::Probe::Type::tcp;
  EXPECT_EQ(fault(kEnough, "", tcp), "");
  EXPECT_EQ(fault(kRefused, "", tcp), "connect: refused");
}

TEST(TcpProbeFault, OverHttpTheStatusDecides) {
  EXPECT_EQ(fault(kEnough, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"), "");
  EXPECT_EQ(fault(kEnough, "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"),
            "GET /health: status 503");
  EXPECT_EQ(fault(kEnded, "HTTP/1.0 200 OK\r\n\r\nfine"), "");
}

TEST(TcpProbeFault, SaysHowFarItGot) {
  EXPECT_EQ(fault(kRefused, ""), "connect: refused");
  EXPECT_EQ(fault(kSilent, "HTTP/1.1 200 OK\r\n"), "GET /health: timed out");
  EXPECT_EQ(fault({true, UV_ECONNRESET}, ""), "GET /health: reset");
  EXPECT_EQ(fault(kEnded, ""), "GET /health: ended without an answer");
}

}  // namespace
}  // namespace upstream
