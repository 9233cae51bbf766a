#include "dnsd/decide.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cache/service_name.h"
#include "dnsd/cookie.h"
#include "dnsd/reply.h"
#include "dnsd/special_name.h"

namespace signpost {
namespace {

using What = Decision::What;

constexpr std::uint32_t kLocalhostTtl = 86'400;

/// Addresses of instances' hosts, as the answer cache remembers them.
class RememberedTargets final : public cache::TargetAddresses {
 public:
  /// `waited`: upstream was asked already, an expired answer is good enough.
  RememberedTargets(cache::AnswerCache& answers, bool waited)
      : answers_(answers), waited_(waited) {}

  cache::HostAddresses find(dns::NameView host, dns::Type type, dns::Time now) override {
    if (special_name(host) == SpecialName::localhost) return loopback(type);
    cache::AnswerKey key;
    key.name = host;
    key.type = type;
    key.name_hash = dns::hash_name(host, dns::hash_seed());
    const auto failure = answers_.failures().find(key, now);
    const bool resting = failure && now < failure->failed + cache::kStaleRecheck;
    auto known = answers_.addresses(key, now, waited_ || resting);
    if (failure && known.known == Known::no) known.known = Known::failed;
    return known;
  }

 private:
  using Known = cache::HostAddresses::Known;

  static cache::HostAddresses loopback(dns::Type type) {
    cache::HostAddresses out;
    out.known = cache::HostAddresses::Known::some;
    out.ttl = kLocalhostTtl;
    out.count = 1;
    out.addresses[0] = type == dns::Type::A
                           ? dns::IpAddress::v4(0x7f000001U)
                           : dns::IpAddress::v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    return out;
  }

  cache::AnswerCache& answers_;
  bool waited_;
};

bool may_ask(const dns::IpAddress& client, const std::vector<dns::Prefix>& allow) {
  return std::any_of(allow.begin(), allow.end(),
                     [&](const dns::Prefix& prefix) { return prefix.contains(client); });
}

/// The reply's room, cut to what this client takes.
dns::WireSpan limit(const dns::Query& query, const Client& client, dns::WireSpan room) {
  const std::size_t most =
      client.tcp ? dns::kMaxMessage : std::min(query.edns.udp_size, dns::kUdpAnswerSize);
  return room.first(std::min(room.size(), most));
}

dns::ReplyOptions options_for(const dns::Query& query, const Client& client,
                              const Knowledge& knowledge) {
  dns::ReplyOptions options;
  if (query.edns.cookie_size > 0) {
    options.has_cookie = true;
    make_cookie(query.edns.cookie.data(), client.ip, knowledge.unix_time,
                knowledge.settings.cookie_secret, options.cookie);
  }
  if (client.tcp && query.edns.wants_keepalive) options.keepalive = knowledge.settings.keepalive;
  return options;
}

/// One query on its way through the order of authority.
class Decider {
 public:
  Decider(const Client& client, const Knowledge& knowledge, Waits waits, const ReadQuery& read,
          dns::WireSpan room)
      : client_(client),
        knowledge_(knowledge),
        waits_(waits),
        query_(read.query),
        room_(limit(query_, client, room)),
        options_(options_for(query_, client, knowledge)) {
    decision_.name_hash = read.name_hash;
  }

  Decision decide() {
    if (!may_ask(client_.ip, knowledge_.settings.allow)) {
      return error(dns::Rcode::REFUSED, dns::ExtendedError::PROHIBITED,
                   "this client's address is not in listen.allow");
    }
    if (query_.question.qclass == dns::Class::CH) return answer_chaos();
    if (query_.question.qclass != dns::Class::IN || !is_data(query_.question.type)) {
      return error(dns::Rcode::REFUSED);
    }
    const dns::NameView name = query_.question.name.view();
    if (dns::is_within(name, knowledge_.settings.zone.name.view())) return answer_zone();
    if (const auto* use = catalog_address()) return answer_reverse(*use);
    if (may_be_restored()) return wait_for_restoring();
    // A probe of our own has come round. Those of other daemons are forwarded: they look
    // for their own way back.
    if (knowledge_.loops != nullptr && knowledge_.loops->arrived(name)) {
      return error(dns::Rcode::NXDOMAIN);
    }
    if (const auto special = special_name(name); special != SpecialName::none) {
      return answer_special(special);
    }
    return answer_remembered();
  }

  Decision error(dns::Rcode rcode) {
    return replied(error_reply(query_, rcode, options_, nullptr, room_));
  }

 private:
  /// Types 128 to 255 but ANY ask for something other than data (RFC 6895, 3.1).
  static bool is_data(dns::Type type) {
    const auto number = static_cast<std::uint16_t>(type);
    return type != dns::Type::OPT && (number < 128 || number >= 255);
  }

  Decision error(dns::Rcode rcode, dns::ExtendedError code, std::string_view text) {
    const dns::ExtendedErrorText extended{code, text};
    return replied(error_reply(query_, rcode, options_, &extended, room_));
  }

  Decision replied(std::size_t size) {
    decision_.what = What::reply;
    decision_.size = size;
    return decision_;
  }

  Decision instead(What what) {
    decision_.what = what;
    return decision_;
  }

  Decision answer_zone() {
    dns::ReplyWriter writer(query_, room_, options_);
    RememberedTargets targets(knowledge_.answers, !waits_.resolve);
    const cache::ZoneAnswer::Inputs inputs = inputs_for(targets);
    cache::ZoneAnswer zone(inputs, query_, writer);
    const auto verdict = zone.answer(decision_.name_hash);
    decision_.refresh = zone.refresh;
    if (verdict == cache::ZoneVerdict::consult) return instead(What::consult);
    if (verdict == cache::ZoneVerdict::resolve) return instead(What::resolve);
    return replied(writer.finish(zone.flags, zone.has_extended ? &zone.extended : nullptr));
  }

  Decision answer_reverse(const cache::AddressUse& use) {
    dns::ReplyWriter writer(query_, room_, options_);
    RememberedTargets targets(knowledge_.answers, !waits_.resolve);
    const cache::ZoneAnswer::Inputs inputs = inputs_for(targets);
    cache::ZoneAnswer zone(inputs, query_, writer);
    zone.answer_reverse(use);
    return replied(writer.finish(zone.flags));
  }

  cache::ZoneAnswer::Inputs inputs_for(cache::TargetAddresses& targets) {
    return {knowledge_.table,  knowledge_.settings.zone, targets,
            knowledge_.random, knowledge_.scratch,       knowledge_.now,
            client_.tcp,       waits_.consult,           waits_.resolve};
  }

  /// Whose reverse name is asked for; null: it is forwarded.
  const cache::AddressUse* catalog_address() {
    if (query_.question.type != dns::Type::PTR || !knowledge_.table.has_addresses()) return nullptr;
    const auto ip = cache::address_from_reverse(query_.question.name.view());
    return ip ? knowledge_.table.find(*ip) : nullptr;
  }

  /// The reverse name of an address that the catalog may hold, once all is in it again.
  bool may_be_restored() const {
    return knowledge_.table.restoring() && waits_.consult &&
           query_.question.type == dns::Type::PTR &&
           cache::address_from_reverse(query_.question.name.view());
  }

  Decision wait_for_restoring() {
    knowledge_.scratch.name.asked_service = knowledge_.scratch.name.asked_version = {};
    return instead(What::consult);
  }

  Decision answer_chaos() {
    constexpr dns::NameView kVersionBind("\7version\4bind\0", 14);
    constexpr dns::NameView kVersionServer("\7version\6server\0", 16);
    constexpr dns::NameView kHostBind("\10hostname\4bind\0", 15);
    constexpr dns::NameView kIdServer("\2id\6server\0", 11);
    const dns::NameView name = query_.question.name.view();
    const std::string* text = nullptr;
    if (name == kVersionBind || name == kVersionServer) text = &knowledge_.settings.version;
    if (name == kHostBind || name == kIdServer) text = &knowledge_.settings.id;
    const bool asks_text =
        query_.question.type == dns::Type::TXT || query_.question.type == dns::Type::ANY;
    if (text == nullptr || text->empty() || !asks_text) return error(dns::Rcode::REFUSED);
    dns::ReplyWriter writer(query_, room_, options_);
    writer.open_at_question(dns::Section::answer, dns::Type::TXT, 0);
    writer.put_string(*text);
    writer.close();
    dns::ReplyFlags flags;
    flags.authoritative = true;
    return replied(writer.finish(flags));
  }

  Decision answer_special(SpecialName special) {
    dns::ReplyWriter writer(query_, room_, options_);
    dns::ReplyFlags flags;
    flags.authoritative = true;
    const bool local = special == SpecialName::localhost;
    if (local && query_.question.type == dns::Type::A) {
      writer.open_at_question(dns::Section::answer, dns::Type::A, kLocalhostTtl);
      writer.put32(0x7f000001U);
      writer.close();
    } else if (local && query_.question.type == dns::Type::AAAA) {
      writer.open_at_question(dns::Section::answer, dns::Type::AAAA, kLocalhostTtl);
      for (std::uint32_t word : {0U, 0U, 0U, 1U}) writer.put32(word);
      writer.close();
    } else {
      if (!local) flags.rcode = dns::Rcode::NXDOMAIN;
      write_special_soa(writer);
    }
    return replied(writer.finish(flags));
  }

  /// Lets the client remember the negative answer (RFC 2308).
  void write_special_soa(dns::ReplyWriter& writer) {
    dns::NameView top = query_.question.name.view();
    while (dns::parent(top).size() > 1) top = dns::parent(top);
    writer.open(dns::Section::authority, top, dns::Type::SOA, kLocalhostTtl);
    writer.put_compressed(top);
    writer.put_compressed(top);
    for (std::uint32_t number : {1U, 3600U, 600U, 86'400U, kLocalhostTtl}) writer.put32(number);
    writer.close();
  }

  Decision answer_remembered() {
    cache::AnswerKey key;
    key.name = query_.question.name.view();
    key.type = query_.question.type;
    key.dnssec_ok = query_.edns.dnssec_ok;
    key.checking_disabled = query_.checking_disabled;
    key.name_hash = decision_.name_hash;
    cache::CachedAnswer found;
    if (const auto copied = copy(&cache::AnswerCache::copy, key, found); !copied.empty()) {
      decision_.ask_anew = found.prefetch;
      return replied(fit_reply(query_, copied, options_, knowledge_.settings.trust_ad, room_));
    }
    if (!query_.recursion_desired) return error(dns::Rcode::REFUSED);
    const auto failure = knowledge_.answers.failures().find(key, knowledge_.now);
    decision_.has_stale = found.has_stale;
    const bool stale_will_do = found.has_stale && (failure || !waits_.upstream);
    if (stale_will_do && answer_stale(key, failure)) return decision_;
    if (failure) {
      decision_.failed = true;
      return error(dns::Rcode::SERVFAIL, failure->error, failed_lately(*failure));
    }
    return instead(What::forward);
  }

  using Copy = cache::Lookup (cache::AnswerCache::*)(const cache::AnswerKey&, dns::Time,
                                                     dns::WireSpan, cache::CachedAnswer&);
  /// A kept answer, in the reply's room or the scratch's; empty: there is none.
  dns::WireView copy(Copy how, const cache::AnswerKey& key, cache::CachedAnswer& found) {
    dns::WireSpan room = room_;
    auto lookup = (knowledge_.answers.*how)(key, knowledge_.now, room, found);
    if (lookup == cache::Lookup::no_room) {
      room = {knowledge_.scratch.whole.get(), dns::kMaxMessage};
      lookup = (knowledge_.answers.*how)(key, knowledge_.now, room, found);
    }
    return lookup == cache::Lookup::hit ? room.first(found.size) : dns::WireSpan();
  }

  /// RFC 8767. False: it went meanwhile.
  bool answer_stale(const cache::AnswerKey& key,
                    const std::optional<cache::FailureCache::Failure>& failure) {
    cache::CachedAnswer found;
    const auto copied = copy(&cache::AnswerCache::copy_stale, key, found);
    if (copied.empty()) return false;
    const auto rcode = static_cast<dns::Rcode>(dns::HeaderView{copied.data()}.rcode());
    const dns::ExtendedErrorText extended{
        rcode == dns::Rcode::NXDOMAIN ? dns::ExtendedError::STALE_NXDOMAIN
                                      : dns::ExtendedError::STALE_ANSWER,
        in_scratch("heard {} s ago, and upstream has not answered since", found.age)};
    replied(fit_reply(query_, copied, options_, knowledge_.settings.trust_ad, room_, &extended));
    decision_.stale = true;
    decision_.ask_anew = !failure || knowledge_.now >= failure->failed + cache::kStaleRecheck;
    return true;
  }

  std::string_view failed_lately(const cache::FailureCache::Failure& failure) {
    const auto left = std::chrono::ceil<dns::Seconds>(failure.until - knowledge_.now);
    return in_scratch("upstream did not answer lately; it is asked again in {} s", left.count());
  }

  template <typename Number>
  std::string_view in_scratch(fmt::format_string<Number> format, Number number) {
    auto& text = knowledge_.scratch.extended_text;
    const auto written = fmt::format_to_n(text.data(), text.size(), format, std::move(number));
    return {text.data(), static_cast<std::size_t>(written.out - text.data())};
  }

  const Client& client_;
  const Knowledge& knowledge_;
  Waits waits_;
  const dns::Query& query_;
  dns::WireSpan room_;
  dns::ReplyOptions options_;
  Decision decision_;
};

}  // namespace

void read_query(dns::WireView packet, ReadQuery& out) {
  out.packet = packet;
  out.verdict = dns::parse_query(packet, out.query);
  if (out.verdict != dns::QueryVerdict::fine) return;
  out.name_hash = dns::hash_name(out.query.question.name.view(), dns::hash_seed());
}

Decision decide(dns::WireView packet, const Client& client, const Knowledge& knowledge, Waits waits,
                dns::Query& query, dns::WireSpan room) {
  ReadQuery read;
  read_query(packet, read);
  query = read.query;
  return decide(read, client, knowledge, waits, room);
}

Decision decide(const ReadQuery& read, const Client& client, const Knowledge& knowledge,
                Waits waits, dns::WireSpan room) {
  if (read.verdict == dns::QueryVerdict::not_a_query) return {};
  Decider decider(client, knowledge, waits, read, room);
  switch (read.verdict) {
    case dns::QueryVerdict::malformed:
      return decider.error(dns::Rcode::FORMERR);
    case dns::QueryVerdict::not_implemented:
      return decider.error(dns::Rcode::NOTIMP);
    case dns::QueryVerdict::bad_version:
      return decider.error(dns::Rcode::BADVERS);
    case dns::QueryVerdict::not_a_query:
    case dns::QueryVerdict::fine:
      break;
  }
  return decider.decide();
}

std::size_t reply_from_upstream(const dns::Query& query, const Client& client,
                                const Knowledge& knowledge, dns::WireView stored,
                                dns::WireSpan room) {
  return fit_reply(query, stored, options_for(query, client, knowledge),
                   knowledge.settings.trust_ad, limit(query, client, room));
}

std::size_t reply_failure(const dns::Query& query, const Client& client, const Knowledge& knowledge,
                          const dns::ExtendedErrorText& why, dns::WireSpan room) {
  return error_reply(query, dns::Rcode::SERVFAIL, options_for(query, client, knowledge), &why,
                     limit(query, client, room));
}

}  // namespace signpost
