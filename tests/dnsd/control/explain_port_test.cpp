#include "dnsd/control/explain_port.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace signpost {
namespace {

class ExplainPortTest : public testing::Test {
 protected:
  std::vector<std::string> asked;  // `time.z. SRV from 10.0.0.1`
  std::vector<net::HttpAnswer> answers;
  ExplainPort port{[] { return dns::Name::from_text("z").value(); },
                   [this](const dns::Question& question, const dns::IpAddress& client,
                          std::function<void(Explained)> done) {
                     asked.push_back(dns::to_text(question) + " from " + client.to_text());
                     done({question,
                           std::make_shared<const cache::CatalogTable>(),
                           dns::Name::from_text("z").value(),
                           dns::Time(),
                           {}});
                   }};

  net::HttpAnswer ask(net::HttpFields query, const std::string& method = "GET") {
    net::HttpQuestion question{method, "/v1/explain", std::move(query), {}, "", {}};
    question.peer = dns::SocketAddress::from_text("10.0.0.1:4711", 0).value();
    port.answer(question, net::HttpAnswerer([this](net::HttpAnswer answer) {
                  answers.push_back(std::move(answer));
                }));
    return answers.back();
  }
  /// The complaint of a 400.
  std::string refused(net::HttpFields query) {
    const auto answer = ask(std::move(query));
    EXPECT_EQ(answer.status, 400);
    return nlohmann::json::parse(answer.body)["error_message"];
  }
};

TEST_F(ExplainPortTest, TakesItsPathAlone) {
  EXPECT_TRUE(ExplainPort::takes("/v1/explain"));
  EXPECT_FALSE(ExplainPort::takes("/v1/explains"));
  EXPECT_FALSE(ExplainPort::takes("/v1/explain/time"));
}

TEST_F(ExplainPortTest, AsksForSrvInTheNameOfTheClient) {
  const auto answer = ask({{"name", "time"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.type, "application/json");
  EXPECT_EQ(asked, std::vector<std::string>{"time.z. SRV from 10.0.0.1"});
  EXPECT_EQ(nlohmann::json::parse(answer.body)["question"]["name"], "time.z.");
}

TEST_F(ExplainPortTest, TakesAbsoluteNamesAndAnyType) {
  ask({{"name", "web.example."}, {"type", "aaaa"}});
  ask({{"name", "1.0.time.z"}, {"type", "TYPE65280"}});
  EXPECT_EQ(asked, (std::vector<std::string>{"web.example. AAAA from 10.0.0.1",
                                             "1.0.time.z. TYPE65280 from 10.0.0.1"}));
}

TEST_F(ExplainPortTest, WhatIsMissingOrBadIs400WithTheFieldsName) {
  EXPECT_EQ(refused({}).substr(0, 6), "name: ");
  EXPECT_EQ(refused({{"name", ""}}).substr(0, 6), "name: ");
  EXPECT_EQ(refused({{"name", "a..b"}}).substr(0, 6), "name: ");
  EXPECT_EQ(refused({{"name", "time"}, {"type", "NOSUCH"}}).substr(0, 6), "type: ");
  EXPECT_EQ(refused({{"name", "time"}, {"type", ""}}).substr(0, 6), "type: ");
  EXPECT_TRUE(asked.empty());
}

TEST_F(ExplainPortTest, OtherMethodsAre405) {
  EXPECT_EQ(ask({{"name", "time"}}, "HEAD").status, 200);
  EXPECT_EQ(ask({{"name", "time"}}, "POST").status, 405);
}

}  // namespace
}  // namespace signpost
