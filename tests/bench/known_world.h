// What a daemon knows, without the daemon: a catalog, remembered answers, and
// the queries that they answer. For the benches and the replay, so that all of
// them ask the same things.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cache/catalog.h"
#include "dnsd/decide.h"
#include "tests/support/records.h"

namespace bench {

constexpr const char* kZone = ".servicediscovery.internal.";

/// Service `svc<number>` with addresses of its own, and weights 1, 50 and 100 by turns.
inline cache::Service service(std::size_t number, std::size_t instances) {
  cache::Service out{.name = "svc" + std::to_string(number), .ttl = {}, .instances = {}};
  for (std::size_t i = 0; i < instances; ++i) {
    cache::Instance one;
    one.id = std::to_string(i);
    one.host = "10." + std::to_string(number >> 8U) + "." + std::to_string(number & 255U) + "." +
               std::to_string(i + 1);
    one.port = static_cast<std::uint16_t>(30'000 + i);
    one.weight = i % 3 == 0 ? 1 : 50 * static_cast<std::uint32_t>(i % 3);
    out.instances.push_back(one);
  }
  return out;
}

inline cache::CatalogPart part(std::size_t services, std::size_t instances) {
  cache::CatalogPart out;
  for (std::size_t i = 0; i < services; ++i) out.services.push_back(service(i, instances));
  return out;
}

/// `h<number>.example. A`.
inline std::string remembered_question(std::size_t number) {
  return "h" + std::to_string(number) + ".example. A";
}

/// An answer as an authority gives it, in the form in which it is kept.
inline cache::StoredForm remembered_form(std::size_t number) {
  const std::string name = "h" + std::to_string(number) + ".example.";
  const std::string address =
      "10.1." + std::to_string(number / 250 % 250) + "." + std::to_string(number % 250);
  return cache::stored_form(support::message(remembered_question(number),
                                             {.answer = {name + " 300 IN A " + address},
                                              .authority = {"example. 300 IN NS ns.example."},
                                              .additional = {"ns.example. 300 IN A 127.0.0.1"}}),
                            dns::Seconds(3600));
}

inline dns::Question remembered_key(std::size_t number) {
  const std::string name = "h" + std::to_string(number) + ".example";
  return {dns::Name::from_text(name).value(), dns::Type::A, dns::Class::IN};
}

/// Always in the same disorder, as clients ask.
inline std::vector<dns::Wire> shuffled(std::vector<dns::Wire> queries) {
  dns::Random random{1};
  for (std::size_t i = queries.size(); i > 1; --i)
    std::swap(queries[i - 1], queries[random.below(i)]);
  return queries;
}

/// One query for each service, of one type: "SRV" or "A".
inline std::vector<dns::Wire> service_queries(std::size_t services, const std::string& type,
                                              bool edns = false) {
  std::vector<dns::Wire> out;
  for (std::size_t i = 0; i < services; ++i)
    out.push_back(support::query("svc" + std::to_string(i) + kZone + " " + type, 7, edns));
  return shuffled(std::move(out));
}

inline std::vector<dns::Wire> remembered_queries(std::size_t answers) {
  std::vector<dns::Wire> out;
  for (std::size_t i = 0; i < answers; ++i)
    out.push_back(support::query(remembered_question(i), 7));
  return shuffled(std::move(out));
}

/// A catalog of `services` of `instances` each, and `remembered` answers.
class KnownWorld {
 public:
  KnownWorld(std::size_t services, std::size_t instances, std::size_t remembered = 0)
      : settings(std::make_shared<const signpost::Settings>(
            signpost::make_settings(config, {{*dns::IpAddress::parse("127.0.0.1"), 53}}, {}))) {
    catalog.set_part(file, part(services, instances), now);
    table = catalog.table(now);
    scratch.fit(*table);
    for (std::size_t i = 0; i < remembered; ++i) {
      const dns::Question question = remembered_key(i);
      answers.insert(cache::AnswerKey::of(question, false, false), remembered_form(i), now);
    }
  }

  /// The reply stands in `room` then.
  signpost::Decision decide(const dns::Wire& packet, bool tcp = false) {
    const signpost::Client client{local, tcp};
    const signpost::Knowledge knowledge{*table,  *settings, answers,      random,
                                        scratch, now,       1'700'000'000};
    dns::Query query;
    return signpost::decide(packet, client, knowledge, {}, query, room);
  }

  conf::Config config;
  signpost::SettingsPointer settings;
  cache::Catalog catalog{config.zone};
  cache::SourceId file = catalog.add_listing_source("file");
  cache::CatalogSnapshot table;
  cache::AnswerCache answers{std::size_t{128} << 20U};
  cache::AnswerScratch scratch;
  dns::Random random{1};
  dns::IpAddress local = *dns::IpAddress::parse("127.0.0.1");
  dns::Time now{dns::Seconds(100'000)};  // as support::FakeClock begins
  dns::Wire room = dns::Wire(dns::kMaxMessage);
};

/// Whether every query hears an answer, at once: or a bench would measure something else.
inline bool all_answered(KnownWorld& world, const std::vector<dns::Wire>& queries) {
  return std::all_of(queries.begin(), queries.end(), [&](const dns::Wire& query) {
    const bool replies = world.decide(query).what == signpost::Decision::What::reply;
    return replies && dns::get16(&world.room[6]) > 0;
  });
}

}  // namespace bench
