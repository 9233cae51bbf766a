#include "cache/cacheable.h"

#include <gtest/gtest.h>

#include "dnsd/dns/message_reader.h"
#include "tests/support/records.h"

namespace cache {
namespace {

using namespace std::chrono_literals;
using support::message;

constexpr dns::Seconds kDay{86400};
const std::string kSoa = "example. 900 IN SOA ns.example. admin.example. 1 2 3 4 ";

StoredForm form_of(const std::string& question, const support::Parts& parts,
                   dns::Seconds most = kDay) {
  return stored_form(message(question, parts), most);
}

TEST(Cacheable, KeepsAnAnswerForTheLowestTtlOfAllSections) {
  const auto form = form_of("web.example. A", {.answer = {"web.example. 60 IN A 198.51.100.7"},
                                               .authority = {"example. 50 IN NS ns.example."},
                                               .additional = {"ns.example. 40 IN A 192.0.2.1"}});
  EXPECT_EQ(form.ttl, 40s);
  EXPECT_EQ(form.ttl_places.size(), 3U);
}

TEST(Cacheable, NeverKeepsATtlOfZero) {
  const auto form = form_of("web.example. A", {.answer = {"web.example. 60 IN A 198.51.100.7",
                                                          "web.example. 0 IN A 198.51.100.8"}});
  EXPECT_EQ(form.ttl, 0s);
}

TEST(Cacheable, TakesATtlWithItsTopBitSetForZero) {
  auto wire = message("web.example. A", {.answer = {"web.example. 60 IN A 198.51.100.7"}});
  dns::MessageReader reader(wire);
  dns::Question question;
  dns::RecordView record;
  ASSERT_TRUE(reader.read_question(question) && reader.next(record));
  dns::put32(&wire[record.ttl_at], 0x80000001);
  const auto form = stored_form(wire, kDay);
  EXPECT_EQ(form.ttl, 0s);
  EXPECT_EQ(support::answers_of(form.wire)[0], "web.example. 0 IN A 198.51.100.7");
}

TEST(Cacheable, LowersTtlsToTheMost) {
  const auto form =
      form_of("web.example. A", {.answer = {"web.example. 200000 IN A 198.51.100.7"}}, 3600s);
  EXPECT_EQ(form.ttl, 3600s);
  EXPECT_EQ(support::answers_of(form.wire)[0], "web.example. 3600 IN A 198.51.100.7");
}

TEST(Cacheable, KeepsNxdomainByTheSoaMinimumAndLowersTheSoaToIt) {
  const auto form =
      form_of("no.example. A", {.rcode = dns::Rcode::NXDOMAIN, .authority = {kSoa + "300"}});
  EXPECT_EQ(form.ttl, 300s);
  EXPECT_EQ(support::authorities_of(form.wire)[0],
            "example. 300 IN SOA ns.example. admin.example. 1 2 3 4 300");
}

TEST(Cacheable, KeepsNodataByTheSoasTtlWhereThatIsLower) {
  const auto form = form_of("web.example. AAAA", {.authority = {kSoa + "7200"}});
  EXPECT_EQ(form.ttl, 900s);
}

TEST(Cacheable, KeepsANegativeAnswerAnHourAtMost) {
  const auto form =
      form_of("no.example. A", {.rcode = dns::Rcode::NXDOMAIN,
                                .authority = {"example. 90000 IN SOA ns. admin. 1 2 3 4 90000"}});
  EXPECT_EQ(form.ttl, 3600s);
}

TEST(Cacheable, DoesNotKeepANegativeAnswerWithoutSoa) {
  EXPECT_EQ(form_of("no.example. A", {.rcode = dns::Rcode::NXDOMAIN}).ttl, 0s);
  EXPECT_EQ(form_of("web.example. A", {.authority = {"example. 60 IN NS ns.example."}}).ttl, 0s);
}

TEST(Cacheable, TakesACnameThatLeadsToNothingForNodata) {
  const support::Parts parts{.answer = {"web.example. 600 IN CNAME host.example."},
                             .authority = {kSoa + "30"}};
  EXPECT_EQ(form_of("web.example. A", parts).ttl, 30s);
  EXPECT_EQ(form_of("web.example. CNAME", parts).ttl, 600s) << "the CNAME itself was asked for";
}

TEST(Cacheable, FollowsCnamesInAnyOrder) {
  const auto form = form_of("a.example. A", {.answer = {"c.example. 60 IN A 198.51.100.7",
                                                        "b.example. 60 IN CNAME c.example.",
                                                        "a.example. 60 IN CNAME b.example."}});
  EXPECT_EQ(form.ttl, 60s);
}

TEST(Cacheable, DoesNotTakeRecordsOffTheChainForData) {
  const auto form = form_of("web.example. A", {.answer = {"other.example. 60 IN A 198.51.100.7"}});
  EXPECT_EQ(form.ttl, 0s);
}

TEST(Cacheable, SurvivesACnameLoop) {
  const auto form = form_of("a.example. A", {.answer = {"a.example. 60 IN CNAME b.example.",
                                                        "b.example. 60 IN CNAME a.example."}});
  EXPECT_EQ(form.ttl, 0s);
}

TEST(Cacheable, NeverKeepsATruncatedMessage) {
  const auto form = form_of("web.example. A",
                            {.answer = {"web.example. 60 IN A 198.51.100.7"}, .truncated = true});
  EXPECT_EQ(form.ttl, 0s);
}

TEST(Cacheable, NeverKeepsOtherRcodes) {
  for (auto rcode : {dns::Rcode::SERVFAIL, dns::Rcode::REFUSED, dns::Rcode::NOTIMP}) {
    const auto form = form_of("web.example. A", {.rcode = rcode, .authority = {kSoa + "300"}});
    EXPECT_EQ(form.ttl, 0s) << dns::to_text(rcode);
  }
}

TEST(Cacheable, StoresTheQuestionInLowerCaseWithoutIdAndOpt) {
  const auto form =
      form_of("WEB.Example. A",
              {.answer = {"web.example. 60 IN A 198.51.100.7"}, .edns = true, .id = 0x1234});
  EXPECT_EQ(support::question_of(form.wire), "web.example. A");
  EXPECT_FALSE(support::has_edns(form.wire));
  EXPECT_EQ(dns::get16(form.wire.data()), 0);
  EXPECT_EQ(form.ttl, 60s);
}

TEST(Cacheable, CutsWhatFollowsAnOptThatIsNotLast) {
  auto wire =
      message("web.example. A", {.answer = {"web.example. 60 IN A 198.51.100.7"}, .edns = true});
  const auto behind = support::rr("ns.example. 5 IN A 192.0.2.1");
  wire.insert(wire.end(), behind.begin(), behind.end());
  dns::put16(&wire[10], 2);
  const auto form = stored_form(wire, kDay);
  EXPECT_EQ(form.ttl, 60s);
  EXPECT_TRUE(support::additionals_of(form.wire).empty());
  EXPECT_EQ(support::answers_of(form.wire).size(), 1U);
}

}  // namespace
}  // namespace cache
