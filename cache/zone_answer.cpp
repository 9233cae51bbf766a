// What kind of name it is, and what is said when there is no data. The records
// themselves: zone_records.cpp; the texts: zone_texts.cpp.
#include "cache/zone_answer.h"

#include <algorithm>

#include "cache/service_name.h"

namespace cache {
namespace {

constexpr std::uint32_t kSoaRefresh = 3600;
constexpr std::uint32_t kSoaRetry = 600;
constexpr std::uint32_t kSoaExpire = 86400;
constexpr std::uint32_t kStaleTtlMost = 30;  // RFC 8767, 4

bool is_address(dns::Type type) {
  return type == dns::Type::A || type == dns::Type::AAAA;
}

}  // namespace

void AnswerScratch::fit(const CatalogTable& table) {
  constexpr std::size_t kMostAddresses = 4096;  // what 64 KiB can carry
  order.reserve(table.largest());
  placed.reserve(table.largest());
  ips.reserve(kMostAddresses);
  unresolved.reserve(kMostUnresolved);
  ending.reserve(kMostUnresolved);
  if (!whole) whole = std::make_unique_for_overwrite<std::uint8_t[]>(dns::kMaxMessage);
}

ZoneVerdict ZoneAnswer::answer(std::uint64_t hash) {
  scratch_.unresolved.clear();
  scratch_.ending.clear();
  read_zone_name(in_.table, in_.settings.name.view(), query_.question.name.view(), hash, name_);
  if (in_.table.restoring() && in_.may_consult && !name_.stands_whole() && !is_our_own()) {
    return ZoneVerdict::consult;
  }
  if (name_.may_ask) {
    asked_ =
        asked_freshness(in_.table, name_.asked_of, name_.asked_version, in_.now, in_.may_consult);
    if (asked_.wait) return ZoneVerdict::consult;
    refresh = asked_.refresh;
  }
  flags.authoritative = true;
  settle_kind();
  if (!has_data()) return no_such_name();
  if (asked_.stale != nullptr) say_stale(*asked_.stale);
  if (query_.question.type == dns::Type::ANY) return answer_any();
  return answer_name(query_.question.name.view());
}

/// The daemon itself says it, whatever the catalog holds.
bool ZoneAnswer::is_our_own() const {
  const dns::Type type = query_.question.type;
  return name_.kind == Kind::apex && (type == dns::Type::SOA || type == dns::Type::NS);
}

/// Answers with what `name_` means. `owner` is its spelling, at `owner_at_`.
ZoneVerdict ZoneAnswer::answer_name(dns::NameView owner) {
  if (name_.service != nullptr) say_if_old(*name_.service);
  switch (name_.kind) {
    case Kind::apex:
      return answer_apex(owner);
    case Kind::name_server:
      write_own_addresses(owner);
      return done();
    case Kind::records:
      return answer_records(*name_.node, owner);
    case Kind::service:
      return answer_service(owner);
    case Kind::instance:
      return answer_instance(owner);
    case Kind::explain:
      if (query_.question.type == dns::Type::TXT) write_explain(*name_.view);
      return done();
    case Kind::target:
      return answer_target();
    case Kind::service_types:
      if (query_.question.type == dns::Type::PTR) write_service_types();
      if (in_.table.incomplete() && out_.count(dns::Section::answer) == 0) return no_such_name();
      return done();
    case Kind::nothing:
      return no_such_name();
    case Kind::empty:
      break;
  }
  return done();
}

/// A service that was asked for, and is not there, is none.
void ZoneAnswer::settle_kind() {
  if (name_.service == nullptr || name_.service->known) return;
  const bool records = name_.node != nullptr && !name_.node->records.empty();
  const bool below = name_.node != nullptr && name_.node->below;
  name_.kind = records ? Kind::records : below ? Kind::empty : Kind::nothing;
}

void ZoneAnswer::open(dns::Type type, std::uint32_t ttl) {
  out_.open_at(dns::Section::answer, owner_at_, type, ttl);
}

bool ZoneAnswer::has_data() const {
  return name_.kind != Kind::nothing && (name_.kind != Kind::empty || asked_.failure == nullptr);
}

ZoneVerdict ZoneAnswer::no_such_name() {
  if (asked_.failure != nullptr) {
    return fail(asked_.failure->connected ? dns::ExtendedError::NO_REACHABLE_AUTHORITY
                                          : dns::ExtendedError::NETWORK_ERROR,
                asked_.failure->why);
  }
  if (asked_.unheard) {
    return fail(dns::ExtendedError::NO_REACHABLE_AUTHORITY, "the catalog did not answer in time");
  }
  if (in_.table.incomplete()) {
    return fail(dns::ExtendedError::NOT_READY, "a catalog has not been read yet");
  }
  say_if_zone_is_old();
  return negative(dns::Rcode::NXDOMAIN);
}

ZoneVerdict ZoneAnswer::answer_reverse(const AddressUse& use) {
  flags.authoritative = true;
  const auto write = [this](dns::NameView target) {
    out_.open_at_question(dns::Section::answer, dns::Type::PTR, in_.settings.ttl);
    out_.put_name(target);
    if (!out_.close()) truncated();
  };
  if (use.instances > 0) {
    if (const auto target = address_target(use.ip, in_.settings.name)) write(target->view());
  }
  if (use.owners) {
    for (const std::string& owner : *use.owners) write(owner);
  }
  return ZoneVerdict::reply;
}

ZoneVerdict ZoneAnswer::answer_apex(dns::NameView owner) {
  switch (query_.question.type) {
    case dns::Type::SOA:
      write_soa(dns::Section::answer, in_.settings.ttl);
      return ZoneVerdict::reply;
    case dns::Type::NS: {
      dns::Name server = in_.settings.name;
      if (!server.push_front("ns")) return done();
      open(dns::Type::NS, in_.settings.ttl);
      out_.put_compressed(server.view());
      out_.close();
      return ZoneVerdict::reply;
    }
    default:
      return name_.node ? answer_records(*name_.node, owner) : done();
  }
}

ZoneVerdict ZoneAnswer::answer_any() {
  if (name_.kind == Kind::empty) return done();
  out_.open_at_question(dns::Section::answer, dns::Type::HINFO, in_.settings.ttl);
  out_.put_string("RFC8482");
  out_.put_string("");
  out_.close();
  return ZoneVerdict::reply;
}

ZoneVerdict ZoneAnswer::answer_records(const Node& node, dns::NameView owner) {
  if (const RecordSet* set = node.find(query_.question.type)) {
    write_set(*set, owner);
    return ZoneVerdict::reply;
  }
  const RecordSet* alias = node.find(dns::Type::CNAME);
  if (alias == nullptr || alias->rdatas.empty()) return done();
  write_set(*alias, owner);
  if (aliases_ == owners_.size()) return ZoneVerdict::reply;
  owners_[aliases_++] = owner;
  return answer_alias(*alias);
}

/// Goes on with the name that a CNAME leads to. REQUIRES: `alias` was written last.
ZoneVerdict ZoneAnswer::answer_alias(const RecordSet& alias) {
  dns::Name target;
  const std::size_t size = dns::NameReader::read(alias.rdatas.back(), 0, target);
  if (size == 0 || flags.truncated) return ZoneVerdict::reply;
  const dns::NameView zone = in_.settings.name.view();
  if (!dns::is_within(target.view(), zone)) {
    return is_address(query_.question.type) ? answer_outside_addresses(target.view())
                                            : ZoneVerdict::reply;
  }
  const auto answered = owners_.begin() + aliases_;
  if (std::find(owners_.begin(), answered, target.view()) != answered) return ZoneVerdict::reply;
  asked_ = {};
  owner_at_ = out_.offset() - size;
  answered_ = out_.count(dns::Section::answer);
  ZoneName meaning;
  read_zone_name(in_.table, zone, target.view(), dns::hash_name(target.view(), dns::hash_seed()),
                 meaning);
  name_.take_meaning(meaning);
  settle_kind();
  return answer_name(target.view());
}

ZoneVerdict ZoneAnswer::negative(dns::Rcode rcode) {
  flags.rcode = rcode;
  write_soa(dns::Section::authority, in_.settings.negative_ttl);
  return ZoneVerdict::reply;
}

ZoneVerdict ZoneAnswer::fail(dns::ExtendedError code, std::string_view text) {
  flags.rcode = dns::Rcode::SERVFAIL;
  flags.authoritative = false;
  say(code, text);
  return ZoneVerdict::reply;
}

/// NODATA, unless there was something to say.
ZoneVerdict ZoneAnswer::done() {
  if (out_.count(dns::Section::answer) > answered_ || flags.truncated) return ZoneVerdict::reply;
  return negative(dns::Rcode::NOERROR);
}

void ZoneAnswer::write_soa(dns::Section section, std::uint32_t ttl) {
  dns::Name server = in_.settings.name;
  dns::Name mailbox = in_.settings.name;
  if (!server.push_front("ns")) server = dns::Name();
  if (!mailbox.push_front("hostmaster")) mailbox = dns::Name();
  out_.open(section, in_.settings.name.view(), dns::Type::SOA, ttl);
  out_.put_compressed(server.view());
  out_.put_compressed(mailbox.view());
  out_.put32(in_.table.serial());
  out_.put32(kSoaRefresh);
  out_.put32(kSoaRetry);
  out_.put32(kSoaExpire);
  out_.put32(in_.settings.negative_ttl);
  if (!out_.close()) truncated();
}

void ZoneAnswer::say(dns::ExtendedError code, std::string_view text) {
  if (has_extended) return;  // the first is the weightiest
  has_extended = true;
  extended = {code, text};
}

std::uint32_t ZoneAnswer::ttl_of(const TableService& service) const {
  return std::min(zone_ttl(), service.ttl.value_or(in_.settings.ttl));
}

std::uint32_t ZoneAnswer::zone_ttl() const {
  return asked_.stale != nullptr || old_ ? std::min(in_.settings.ttl, kStaleTtlMost)
                                         : in_.settings.ttl;
}

std::uint32_t ZoneAnswer::age(dns::Time since) const {
  const auto seconds = std::chrono::duration_cast<dns::Seconds>(in_.now - since).count();
  return seconds > 0 ? static_cast<std::uint32_t>(seconds) : 0;
}

}  // namespace cache
