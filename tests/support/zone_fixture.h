// A zone `z.` with a catalog from a few lines of text, and what it answers.
//
//   tell("time 10.0.1.7:8081 weight=50\n= web.z. 5 IN A 198.51.100.7");
//   EXPECT_EQ(ask("time SRV").answer, ...);   // zone text, in order
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "cache/catalog.h"
#include "cache/zone_answer.h"
#include "dnsd/dns/query.h"

namespace support {

/// A line for each instance: `NAME [HOST[:PORT]] [key=value]...`. Keys are id,
/// version, priority, weight, status, url and ttl (the service's); others are
/// attributes. HOST `-` is none, a NAME alone a service without instances; id is
/// `NAME-N` by default. A line that begins with `=` is a record as zone text.
cache::CatalogPart part_of(const std::string& text);

/// What upstream said of hosts, and who asked.
struct FakeTargets : cache::TargetAddresses {
  cache::HostAddresses find(dns::NameView host, dns::Type type, dns::Time now) override;

  std::map<std::string, std::vector<std::string>> known;  // `host. A`; no addresses: it has none
  std::uint32_t ttl = 3600;
  std::vector<std::string> asked;
};

/// How the client asks.
struct How {
  std::size_t room = 1232;
  bool edns = true;
  bool tcp = false;
  bool may_consult = true;
  bool may_resolve = true;
};

struct ZoneReply {
  cache::ZoneVerdict verdict = cache::ZoneVerdict::reply;
  dns::Wire wire;
  dns::Rcode rcode = dns::Rcode::NOERROR;
  bool authoritative = false, truncated = false, authentic = false, refresh = false;
  std::string question;
  std::vector<std::string> answer, authority, additional;  // zone text
  std::string extended;                                    // `3 text`
  std::vector<std::string> unresolved;                     // `host. A`

  /// The RDATA of the answers, as text.
  std::vector<std::string> data() const;
  /// The same, sorted: for a set whose order is drawn.
  std::vector<std::string> sorted() const;
};

/// The first `size` of `text`'s fields, between blanks, left away.
std::string without_fields(const std::string& text, std::size_t size);

class ZoneFixture : public testing::Test {
 protected:
  ZoneFixture();

  /// Replaces what the source `file` says.
  void tell(const std::string& text) { catalog().set_part(file(), part_of(text), now); }
  /// Asks `time SRV`: relative to the zone, or absolute with a last dot; `@` is the zone.
  ZoneReply ask(const std::string& question, const How& how = {});
  /// Asks for the PTR of an address. No wire: the catalog does not have it.
  ZoneReply ask_reverse(const std::string& ip);

  /// Made at first use: set `zone` before.
  cache::Catalog& catalog();
  /// The listing source; it is added at first use.
  cache::SourceId file();

  conf::Zone zone;
  cache::ZoneSettings settings;
  FakeTargets targets;
  dns::Random random{20'260'101};
  dns::Query asked;  // by the last ask(); `scratch.name` looks into it
  cache::AnswerScratch scratch;
  dns::Time now{std::chrono::hours(10)};

 private:
  ZoneReply finish(cache::ZoneAnswer& answer, cache::ZoneVerdict verdict, dns::ReplyWriter& out,
                   dns::WireView room);
  std::unique_ptr<cache::Catalog> catalog_;
  std::optional<cache::SourceId> file_;
};

}  // namespace support
