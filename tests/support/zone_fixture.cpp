#include "tests/support/zone_fixture.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "dnsd/dns/address.h"
#include "tests/support/edns_of.h"
#include "tests/support/records.h"

namespace support {
namespace {

[[noreturn]] void give_up(const std::string& line) {
  std::fprintf(stderr, "expected a line of a catalog, found '%s'\n", line.c_str());
  std::abort();
}

cache::Record record_from(const std::string& text) {
  const dns::Wire wire = rr(text);
  cache::Record out;
  const std::size_t end = dns::NameReader::read(wire, 0, out.owner);
  out.type = static_cast<dns::Type>(dns::get16(&wire[end]));
  out.ttl = dns::get32(&wire[end + 4]);
  out.rdata.assign(wire.begin() + static_cast<std::ptrdiff_t>(end) + 10, wire.end());
  return out;
}

cache::Status status_from(const std::string& text) {
  if (text == "healthy") return cache::Status::healthy;
  if (text == "unhealthy") return cache::Status::unhealthy;
  if (text == "draining") return cache::Status::draining;
  return cache::Status::unknown;
}

void read_place(const std::string& text, cache::Instance& out) {
  if (text == "-") return;
  if (dns::IpAddress::from_text(text).ok()) {
    out.host = text;
    return;
  }
  const std::size_t colon = text.rfind(':');
  out.host = text.substr(0, colon);
  if (out.host.front() == '[') out.host = out.host.substr(1, out.host.size() - 2);
  if (colon != std::string::npos)
    out.port = static_cast<std::uint16_t>(std::stoul(text.substr(colon + 1)));
}

void read_word(const std::string& key, const std::string& value, cache::Service& service,
               cache::Instance& out) {
  if (key == "id")
    out.id = value;
  else if (key == "version")
    out.version = value;
  else if (key == "priority")
    out.priority = static_cast<std::uint16_t>(std::stoul(value));
  else if (key == "weight")
    out.weight = static_cast<std::uint32_t>(std::stoul(value));
  else if (key == "url")
    out.url = value;
  else if (key == "ttl")
    service.ttl = static_cast<std::uint32_t>(std::stoul(value));
  else if (key == "status")
    out.status = status_from(out.status_text = value);
  else
    out.attributes.emplace_back(key, value);
}

void read_instance(std::istringstream& words, const std::string& place, cache::Service& service) {
  cache::Instance out;
  out.id = service.name + "-" + std::to_string(service.instances.size() + 1);
  read_place(place, out);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) give_up(word);
    read_word(word.substr(0, equals), word.substr(equals + 1), service, out);
  }
  service.instances.push_back(out);
}

cache::Service& service_of(cache::CatalogPart& part, const std::string& name) {
  for (auto& service : part.services)
    if (service.name == name) return service;
  part.services.push_back({.name = name, .ttl = {}, .instances = {}});
  return part.services.back();
}

std::string absolute(const std::string& question) {
  const std::size_t blank = question.find(' ');
  const std::string name = question.substr(0, blank), type = question.substr(blank);
  if (name == "@") return "z." + type;
  return (name.back() == '.' ? name : name + ".z.") + type;
}

}  // namespace

cache::CatalogPart part_of(const std::string& text) {
  cache::CatalogPart out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string name, place;
    if (!(words >> name)) continue;
    if (name == "=") {
      std::string rest;
      std::getline(words >> std::ws, rest);
      out.records.push_back(record_from(rest));
      continue;
    }
    cache::Service& service = service_of(out, name);
    if (words >> place) read_instance(words, place, service);
  }
  return out;
}

cache::HostAddresses FakeTargets::find(dns::NameView host, dns::Type type, dns::Time) {
  cache::HostAddresses out;
  const std::string question = dns::to_text(host) + " " + dns::to_text(type);
  asked.push_back(question);
  const auto found = known.find(question);
  if (found == known.end()) return out;
  out.known =
      found->second.empty() ? cache::HostAddresses::Known::none : cache::HostAddresses::Known::some;
  out.ttl = ttl;
  for (const auto& text : found->second)
    out.addresses.at(out.count++) = dns::IpAddress::from_text(text).value();
  return out;
}

std::string without_fields(const std::string& text, std::size_t size) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < size; ++i) at = text.find(' ', at) + 1;
  return text.substr(at);
}

std::vector<std::string> ZoneReply::data() const {
  std::vector<std::string> out;
  for (const auto& record : answer) out.push_back(without_fields(record, 4));
  return out;
}

std::vector<std::string> ZoneReply::sorted() const {
  std::vector<std::string> out = data();
  std::sort(out.begin(), out.end());
  return out;
}

ZoneFixture::ZoneFixture() {
  zone.name = dns::Name::from_text("z").value();
  settings.name = zone.name;
}

cache::Catalog& ZoneFixture::catalog() {
  if (!catalog_) catalog_ = std::make_unique<cache::Catalog>(zone);
  return *catalog_;
}

cache::SourceId ZoneFixture::file() {
  if (!file_) file_ = catalog().add_listing_source("file");
  return *file_;
}

ZoneReply ZoneFixture::ask(const std::string& question, const How& how) {
  const dns::Wire packet = query(absolute(question), 7, how.edns);
  asked = {};
  EXPECT_EQ(dns::parse_query(packet, asked), dns::QueryVerdict::fine) << question;
  const cache::CatalogSnapshot table = catalog().table(now);
  scratch.fit(*table);
  dns::Wire room(how.room);
  const dns::ReplyOptions options;
  dns::ReplyWriter out(asked, room, options);
  const cache::ZoneAnswer::Inputs inputs{.table = *table,
                                         .settings = settings,
                                         .targets = targets,
                                         .random = random,
                                         .scratch = scratch,
                                         .now = now,
                                         .tcp = how.tcp,
                                         .may_consult = how.may_consult,
                                         .may_resolve = how.may_resolve};
  cache::ZoneAnswer answer(inputs, asked, out);
  const auto hash = dns::hash_name(asked.question.name.view(), dns::hash_seed());
  const cache::ZoneVerdict verdict = answer.answer(hash);
  return finish(answer, verdict, out, room);
}

ZoneReply ZoneFixture::ask_reverse(const std::string& ip) {
  const dns::Wire packet = query("reverse.arpa. PTR", 7, true);
  asked = {};
  dns::parse_query(packet, asked);
  const cache::CatalogSnapshot table = catalog().table(now);
  const cache::AddressUse* use = table->find(dns::IpAddress::from_text(ip).value());
  if (use == nullptr) return {};
  scratch.fit(*table);
  dns::Wire room(1232);
  const dns::ReplyOptions options;
  dns::ReplyWriter out(asked, room, options);
  const cache::ZoneAnswer::Inputs inputs{.table = *table,
                                         .settings = settings,
                                         .targets = targets,
                                         .random = random,
                                         .scratch = scratch,
                                         .now = now};
  cache::ZoneAnswer answer(inputs, asked, out);
  const cache::ZoneVerdict verdict = answer.answer_reverse(*use);
  return finish(answer, verdict, out, room);
}

ZoneReply ZoneFixture::finish(cache::ZoneAnswer& answer, cache::ZoneVerdict verdict,
                              dns::ReplyWriter& out, dns::WireView room) {
  ZoneReply reply;
  reply.verdict = verdict;
  reply.refresh = answer.refresh;
  for (const auto& [host, type] : scratch.unresolved)
    reply.unresolved.push_back(host.to_text() + " " + dns::to_text(type));
  if (verdict != cache::ZoneVerdict::reply) return reply;
  const std::size_t size =
      out.finish(answer.flags, answer.has_extended ? &answer.extended : nullptr);
  EXPECT_LE(size, room.size());
  reply.wire.assign(room.begin(), room.begin() + static_cast<std::ptrdiff_t>(size));
  const dns::HeaderView header{reply.wire.data()};
  reply.rcode = rcode_of(reply.wire);
  reply.authoritative = header.authoritative();
  reply.truncated = header.truncated();
  reply.authentic = header.authentic_data();
  reply.question = question_of(reply.wire);
  reply.answer = answers_of(reply.wire);
  reply.authority = authorities_of(reply.wire);
  reply.additional = additionals_of(reply.wire);
  if (const auto edns = edns_of(reply.wire)) reply.extended = edns->extended_error();
  return reply;
}

}  // namespace support
