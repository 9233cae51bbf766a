// Any name in the zone, of any type, into rooms of any size: the reply must be a
// message that reads back, and say something of that name.
//
// Input: the type, a byte for the room and one for the rest, then the name below
// the zone as text.
#include <cstdlib>

#include "cache/catalog.h"
#include "cache/zone_answer.h"
#include "dnsd/dns/message_reader.h"

namespace {

void demand(bool holds) {
  if (!holds) std::abort();
}

dns::Name name(const std::string& text) {
  return dns::Name::from_text(text).value();
}

cache::Instance instance(const char* id, const char* version, const char* host,
                         std::uint16_t port) {
  cache::Instance out;
  out.id = id;
  out.version = version;
  out.host = host;
  out.port = port;
  out.url = std::string("https://") + host + "/";
  return out;
}

cache::Record record(const std::string& owner, dns::Type type, cache::Record like) {
  like.owner = name(owner);
  like.type = type;
  return like;
}

cache::CatalogPart part() {
  cache::CatalogPart out;
  cache::Service time{.name = "time", .ttl = 3, .instances = {}};
  time.instances = {instance("a", "1.0", "10.0.1.7", 80), instance("b", "2", "2001:db8::1", 80),
                    instance("c", "", "host.example", 80), instance("d", "", "", 0)};
  cache::Service big{.name = "_big._tcp", .ttl = {}, .instances = {}};
  for (int i = 1; i <= 60; ++i)
    big.instances.push_back(
        instance(std::to_string(i).c_str(), "", ("10.0.2." + std::to_string(i)).c_str(), 80));
  out.services = {time, big};
  const auto target = [](const std::string& text) {
    const dns::Name to = name(text);
    cache::Record like;
    like.rdata.assign(to.data(), to.data() + to.size());
    return like;
  };
  cache::Record address;
  address.rdata = {10, 0, 0, 1};
  out.records = {record("www.z", dns::Type::CNAME, target("time.z")),
                 record("loop.z", dns::Type::CNAME, target("loop.z")),
                 record("out.z", dns::Type::CNAME, target("host.example")),
                 record("*.w.z", dns::Type::A, address), record("a.b.c.z", dns::Type::A, address)};
  return out;
}

struct Targets final : cache::TargetAddresses {
  bool known = false;
  cache::HostAddresses find(dns::NameView, dns::Type type, dns::Time) override {
    cache::HostAddresses out;
    if (!known) return out;
    out.known = type == dns::Type::A ? cache::HostAddresses::Known::some
                                     : cache::HostAddresses::Known::none;
    out.count = type == dns::Type::A ? 1 : 0;
    return out;
  }
};

struct World {
  World() {
    conf::Zone zone;
    zone.name = name("z");
    cache::Catalog catalog(zone);
    catalog.set_part(catalog.add_listing_source("file"), part(), now);
    settings.name = zone.name;
    settings.own_addresses = {*dns::IpAddress::parse("127.0.0.1")};
    table = catalog.table(now);
    scratch.fit(*table);
  }
  dns::Time now{std::chrono::hours(1)};
  cache::ZoneSettings settings;
  cache::CatalogSnapshot table;
  cache::AnswerScratch scratch;
  dns::Random random{1};
  Targets targets;
};

dns::Wire packet_for(const dns::Name& asked, std::uint16_t type, bool edns) {
  dns::Wire out(dns::kHeaderSize);
  out[5] = 1;
  out[11] = edns ? 1 : 0;
  out.insert(out.end(), asked.data(), asked.data() + asked.size());
  for (const int byte : {type >> 8, type & 255, 0, 1})
    out.push_back(static_cast<std::uint8_t>(byte));
  if (edns)
    for (const int byte : {0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0})
      out.push_back(static_cast<std::uint8_t>(byte));
  return out;
}

void check(dns::WireView reply, const dns::Query& query) {
  dns::MessageReader reader(reply);
  dns::Question question;
  demand(reader.read_question(question) && question == query.question);
  dns::Name owner;
  for (dns::RecordView record; reader.next(record);)
    demand(dns::NameReader::read(reply, record.owner_at, owner) != 0);
  demand(reader.whole());
  const dns::HeaderView header{reply.data()};
  if (header.answer_count() == 0 && header.rcode() != 2 && !header.truncated())
    demand(header.authority_count() == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static World world;
  if (size < 5) return 0;
  const auto asked =
      dns::Name::from_text(std::string(reinterpret_cast<const char*>(data + 4), size - 4) + ".z");
  if (!asked.ok() || dns::get16(data) == 41) return 0;
  const dns::Wire packet = packet_for(asked.value(), dns::get16(data), (data[3] & 1) != 0);
  dns::Query query;
  demand(dns::parse_query(packet, query) == dns::QueryVerdict::fine);
  dns::Wire room(512 + 16U * data[2]);
  const dns::ReplyOptions options;
  dns::ReplyWriter out(query, room, options);
  world.targets.known = (data[3] & 2) != 0;
  world.settings.max_answers = data[3] >> 6;
  const cache::ZoneAnswer::Inputs inputs{.table = *world.table,
                                         .settings = world.settings,
                                         .targets = world.targets,
                                         .random = world.random,
                                         .scratch = world.scratch,
                                         .now = world.now,
                                         .may_resolve = (data[3] & 4) != 0};
  cache::ZoneAnswer answer(inputs, query, out);
  const auto hash = dns::hash_name(query.question.name.view(), dns::hash_seed());
  if (answer.answer(hash) != cache::ZoneVerdict::reply) return 0;
  const std::size_t used =
      out.finish(answer.flags, answer.has_extended ? &answer.extended : nullptr);
  demand(used <= room.size());
  check(dns::WireView(room).first(used), query);
  return 0;
}
