// The records of services: SRV with its glue, A and AAAA, URI, SVCB, DNS-SD.
#include <algorithm>

#include "cache/service_name.h"
#include "cache/zone_answer.h"

namespace cache {
namespace {

constexpr std::uint16_t kSvcParamPort = 3;  // RFC 9460, 14.3.2
constexpr std::uint16_t kSvcParamIpv4Hint = 4;
constexpr std::uint16_t kSvcParamIpv6Hint = 6;

dns::Type family_of(const dns::IpAddress& ip) {
  return ip.is_v4() ? dns::Type::A : dns::Type::AAAA;
}

dns::WireView bytes_of(const dns::IpAddress& ip) {
  return {ip.data(), ip.size()};
}

}  // namespace

template <typename Visit>
void ZoneAnswer::in_order(const View& view, Visit visit) {
  scratch_.order.assign(view.candidates.begin(), view.candidates.end());
  WeightedOrder order(scratch_.order, in_.random);
  while (const Candidate* candidate = order.next()) {
    if (!visit(name_.service->instances[candidate->index], *candidate)) return;
  }
}

/// Its instances are worth a probe now (health.probe.on_demand).
void ZoneAnswer::mark_asked() {
  if (name_.service->asked_mark) name_.service->asked_mark->set(in_.now);
}

ZoneVerdict ZoneAnswer::answer_service(dns::NameView owner) {
  const View& view = *name_.view;
  mark_asked();
  if (view.fail_open) say_fail_open(view);
  if (name_.node != nullptr && name_.node->find(query_.question.type) != nullptr) {
    return answer_records(*name_.node, owner);
  }
  switch (query_.question.type) {
    case dns::Type::SRV:
      write_srv(view);
      break;
    case dns::Type::A:
    case dns::Type::AAAA:
      return answer_addresses(*name_.service, view, owner);
    case dns::Type::URI:
      write_uri(view);
      break;
    case dns::Type::HTTPS:
    case dns::Type::SVCB:
      write_service_binding(view);
      break;
    case dns::Type::TXT:
      write_text(view);
      break;
    case dns::Type::PTR:
      if (name_.underscored) write_browse(owner);
      break;
    default:
      break;
  }
  return done();
}

void ZoneAnswer::write_srv(const View& view) {
  scratch_.placed.clear();
  in_order(view, [&](const TableInstance& instance, const Candidate& candidate) {
    if (candidate.srv_size == 0 || write_srv_record(view, instance, candidate)) {
      return in_.settings.max_answers == 0 || scratch_.placed.size() < in_.settings.max_answers;
    }
    sample_cut();
    return false;
  });
  if (!flags.truncated) write_glue();
}

/// False when it did not fit. One that says the same as another is left out:
/// two versions behind one port are two instances, but one record.
bool ZoneAnswer::write_srv_record(const View& view, const TableInstance& instance,
                                  const Candidate& candidate) {
  if (name_.service->shares_targets && stands_already(instance, candidate)) return true;
  const std::size_t record_at = out_.offset() + 2;  // behind the owner, which is a pointer
  const auto record = view.srv_record(candidate);
  if (!out_.add_ready(dns::Section::answer, owner_at_, record, zone_ttl())) return false;
  scratch_.placed.push_back(
      {&instance, record_at + kReadySrvTarget, view.address_record(candidate)});
  return true;
}

bool ZoneAnswer::stands_already(const TableInstance& instance, const Candidate& candidate) const {
  return std::any_of(scratch_.placed.begin(), scratch_.placed.end(), [&](const auto& placed) {
    return placed.instance->port == instance.port &&
           placed.instance->told->priority == candidate.priority &&
           placed.instance->target == instance.target;
  });
}

void ZoneAnswer::write_glue() {
  for (std::size_t i = 0; i < scratch_.placed.size(); ++i) {
    const auto& placed = scratch_.placed[i];
    const auto before = scratch_.placed.begin() + static_cast<long>(i);
    const bool again = name_.service->shares_targets &&
                       std::any_of(scratch_.placed.begin(), before, [&](const auto& other) {
                         return other.instance->target == placed.instance->target;
                       });
    if (again) continue;
    if (!placed.address.empty()) {
      const auto at = placed.target_at;
      if (!out_.add_ready(dns::Section::additional, at, placed.address, zone_ttl())) return;
    } else if (!write_glue_of(placed, dns::Type::A) || !write_glue_of(placed, dns::Type::AAAA)) {
      return;
    }
  }
}

bool ZoneAnswer::write_glue_of(const AnswerScratch::Placed& placed, dns::Type type) {
  std::uint32_t ttl = zone_ttl();
  scratch_.ips.clear();
  gather(*placed.instance, type, ttl);
  const auto mark = out_.mark();
  for (const dns::IpAddress& ip : scratch_.ips) {
    out_.open_at(dns::Section::additional, placed.target_at, type, ttl);
    out_.put_bytes(bytes_of(ip));
    if (out_.close()) continue;
    out_.rewind(mark);  // a set goes whole or not at all
    return false;
  }
  return true;
}

ZoneVerdict ZoneAnswer::answer_addresses(const TableService& service, const View& view,
                                         dns::NameView owner) {
  const bool wants_ipv4 = query_.question.type == dns::Type::A;
  if (service.by_address && !(wants_ipv4 ? view.has_ipv4 : view.has_ipv6)) return done();
  if (service.by_address && !service.shares_targets) {
    write_ready_addresses(view);
    return done();
  }
  std::uint32_t ttl = ttl_of(service);
  scratch_.ips.clear();
  scratch_.order.assign(view.candidates.begin(), view.candidates.end());
  WeightedOrder order(scratch_.order, in_.random);
  unsigned taken = 0;  // that have addresses of this family
  while (const Candidate* candidate = order.next()) {
    const std::size_t before = scratch_.ips.size();
    gather(service.instances[candidate->index], query_.question.type, ttl);
    if (scratch_.ips.size() > before && ++taken == in_.settings.max_answers) break;
  }
  return answer_gathered(owner, ttl);
}

/// With the addresses that gather() found, unless more must be asked for first.
ZoneVerdict ZoneAnswer::answer_gathered(dns::NameView owner, std::uint32_t ttl) {
  if (!scratch_.unresolved.empty() && in_.may_resolve) return ZoneVerdict::resolve;
  if (scratch_.ips.empty() && (host_failed_ || !scratch_.unresolved.empty())) {
    return fail(dns::ExtendedError::NO_REACHABLE_AUTHORITY,
                "upstream gave no addresses of the instances' hosts");
  }
  write_addresses(owner, query_.question.type, ttl);
  return done();
}

/// The plain case: every instance has an address of its own, ready to go out.
void ZoneAnswer::write_ready_addresses(const View& view) {
  const bool wants_ipv4 = query_.question.type == dns::Type::A;
  unsigned taken = 0;
  in_order(view, [&](const TableInstance&, const Candidate& candidate) {
    const auto record = view.address_record(candidate);
    if (record.empty() || (record.size() == kReadyIpv4) != wants_ipv4) return true;
    if (!out_.add_ready(dns::Section::answer, owner_at_, record, zone_ttl())) {
      sample_cut();
      return false;
    }
    return ++taken != in_.settings.max_answers;
  });
}

ZoneVerdict ZoneAnswer::answer_outside_addresses(dns::NameView host) {
  const HostAddresses heard = find_outside(host, query_.question.type);
  const bool asks = heard.known == HostAddresses::Known::no;
  if (asks && in_.may_resolve) return ZoneVerdict::resolve;
  if (asks || heard.known == HostAddresses::Known::failed) {
    return fail(dns::ExtendedError::NO_REACHABLE_AUTHORITY,
                "upstream did not say the addresses of the alias's target");
  }
  scratch_.ips.assign(heard.addresses.begin(),
                      heard.addresses.begin() + static_cast<long>(heard.count));
  write_addresses(host, query_.question.type, heard.ttl);
  return ZoneVerdict::reply;
}

void ZoneAnswer::write_addresses(dns::NameView owner, dns::Type type, std::uint32_t ttl) {
  for (const dns::IpAddress& ip : scratch_.ips) {
    out_.open(dns::Section::answer, owner, type, ttl);
    out_.put_bytes(bytes_of(ip));
    if (out_.close()) continue;
    sample_cut();
    return;
  }
}

bool ZoneAnswer::gather(const TableInstance& instance, dns::Type type, std::uint32_t& ttl) {
  if (instance.has_address) {
    add_address(instance.ip, type);
    return true;
  }
  const dns::NameView target = instance.target;
  const dns::NameView zone = in_.settings.name.view();
  if (target.size() <= 1) return true;
  if (gather_records(in_.table.find(target), type, ttl)) return true;
  dns::Name in_zone = in_.settings.name;  // where the ECS agent writes its hosts' addresses
  if (in_zone.push_front(dns::first_label(target)) &&
      gather_records(in_.table.find(in_zone.view()), type, ttl)) {
    return true;
  }
  if (dns::is_within(target, zone)) return true;  // nobody else could know
  const HostAddresses heard = find_outside(target, type);
  if (heard.known == HostAddresses::Known::no) return false;
  host_failed_ = host_failed_ || heard.known == HostAddresses::Known::failed;
  if (heard.count > 0) ttl = std::min(ttl, heard.ttl);
  for (std::size_t i = 0; i < heard.count; ++i) add_address(heard.addresses[i], type);
  return true;
}

/// True when the zone has addresses of either family at `node`: then they are
/// the host's, and nobody else is asked.
bool ZoneAnswer::gather_records(const Node* node, dns::Type type, std::uint32_t& ttl) {
  if (node == nullptr) return false;
  const RecordSet* set = node->find(type);
  if (set == nullptr) return node->find(dns::Type::A) || node->find(dns::Type::AAAA);
  ttl = std::min(ttl, set->ttl);
  for (const auto& rdata : set->rdatas) {
    if (type == dns::Type::A && rdata.size() == 4) {
      add_address(dns::IpAddress::v4(dns::get32(rdata.data())), type);
    } else if (type == dns::Type::AAAA && rdata.size() == 16) {
      std::uint8_t bytes[16];
      std::copy(rdata.begin(), rdata.end(), bytes);
      add_address(dns::IpAddress::v6(bytes), type);
    }
  }
  return true;
}

void ZoneAnswer::add_address(const dns::IpAddress& ip, dns::Type type) {
  if (family_of(ip) != type || scratch_.ips.size() == scratch_.ips.capacity()) return;
  const bool known = std::find(scratch_.ips.begin(), scratch_.ips.end(), ip) != scratch_.ips.end();
  if (!known) scratch_.ips.push_back(ip);
}

HostAddresses ZoneAnswer::find_outside(dns::NameView host, dns::Type type) {
  const HostAddresses heard = in_.targets.find(host, type, in_.now);
  if (heard.known == HostAddresses::Known::no) note(scratch_.unresolved, host, type);
  if (heard.ends_soon) note(scratch_.ending, host, type);
  return heard;
}

void ZoneAnswer::note(std::vector<Unresolved>& list, dns::NameView host, dns::Type type) {
  if (list.size() == AnswerScratch::kMostUnresolved) return;
  list.push_back({dns::Name::from_view(host), type});
}

void ZoneAnswer::write_uri(const View& view) {
  in_order(view, [this](const TableInstance& instance, const Candidate& candidate) {
    const std::string& url = instance.told->url;
    if (url.empty()) return true;
    open(dns::Type::URI, ttl_of(*name_.service));
    out_.put16(candidate.priority);
    out_.put16(candidate.weight);
    out_.put_bytes({reinterpret_cast<const std::uint8_t*>(url.data()), url.size()});
    if (!out_.close()) {
      sample_cut();
      return false;
    }
    return out_.count(dns::Section::answer) != answered_ + in_.settings.max_answers;
  });
}

void ZoneAnswer::write_service_binding(const View& view) {
  in_order(view, [this](const TableInstance& instance, const Candidate& candidate) {
    if (!instance.told->url.starts_with("https://")) return true;
    open(query_.question.type, ttl_of(*name_.service));
    out_.put16(std::max<std::uint16_t>(candidate.priority, 1));  // 0 would be AliasMode
    out_.put_name(instance.target);
    out_.put16(kSvcParamPort);
    out_.put16(2);
    out_.put16(instance.port);
    write_hints(instance, dns::Type::A, kSvcParamIpv4Hint);
    write_hints(instance, dns::Type::AAAA, kSvcParamIpv6Hint);
    if (!out_.close()) {
      sample_cut();
      return false;
    }
    return out_.count(dns::Section::answer) != answered_ + in_.settings.max_answers;
  });
}

void ZoneAnswer::write_hints(const TableInstance& instance, dns::Type type, std::uint16_t key) {
  std::uint32_t ttl = in_.settings.ttl;
  scratch_.ips.clear();
  gather(instance, type, ttl);
  if (scratch_.ips.empty()) return;
  out_.put16(key);
  out_.put16(static_cast<std::uint16_t>(scratch_.ips.size() * scratch_.ips.front().size()));
  for (const dns::IpAddress& ip : scratch_.ips) out_.put_bytes(bytes_of(ip));
}

ZoneVerdict ZoneAnswer::answer_instance(dns::NameView owner) {
  const TableInstance& instance = *name_.instance;
  mark_asked();
  const dns::Type type = query_.question.type;
  if (type == dns::Type::A || type == dns::Type::AAAA) {
    std::uint32_t ttl = ttl_of(*name_.service);
    scratch_.ips.clear();
    gather(instance, type, ttl);
    return answer_gathered(owner, ttl);
  }
  const bool in_srv = !instance.target.empty() && instance.port != 0;
  if (query_.question.type == dns::Type::TXT) {
    write_text_record(instance);
  } else if (query_.question.type == dns::Type::SRV && in_srv) {
    const auto& told = *instance.told;
    const auto weight = static_cast<std::uint16_t>(std::min<std::uint32_t>(told.weight, 65535));
    scratch_.placed.clear();
    open(dns::Type::SRV, ttl_of(*name_.service));
    out_.put16(told.priority);
    out_.put16(weight);
    out_.put16(instance.port);
    scratch_.placed.push_back({&instance, out_.offset(), {}});
    out_.put_name(instance.target);
    if (!out_.close()) truncated();
    if (!flags.truncated) write_glue();
  }
  return done();
}

ZoneVerdict ZoneAnswer::answer_target() {
  if (family_of(name_.ip) == query_.question.type) {
    open(query_.question.type, in_.settings.ttl);
    out_.put_bytes(bytes_of(name_.ip));
    out_.close();
  }
  return done();
}

void ZoneAnswer::write_own_addresses(dns::NameView owner) {
  scratch_.ips.clear();
  for (const dns::IpAddress& ip : in_.settings.own_addresses) add_address(ip, query_.question.type);
  write_addresses(owner, query_.question.type, in_.settings.ttl);
}

void ZoneAnswer::write_set(const RecordSet& set, dns::NameView owner) {
  for (const Teller& teller : set.tellers) say_if_old(teller.source);
  for (const auto& rdata : set.rdatas) {
    out_.open(dns::Section::answer, owner, set.type, std::min(set.ttl, zone_ttl()));
    out_.put_bytes(rdata);
    if (out_.close()) continue;
    truncated();
    return;
  }
}

/// RFC 6763, 4.1: the instances of the view, by the names that all versions share.
void ZoneAnswer::write_browse(dns::NameView owner) {
  const std::string& service = name_.service->name;
  const auto dots = static_cast<std::size_t>(std::count(service.begin(), service.end(), '.'));
  const std::size_t labels = dns::label_count(in_.settings.name.view()) + dots + 2;
  while (dns::label_count(owner) > labels) owner = dns::parent(owner);
  for (std::uint32_t index : name_.view->members) {
    const TableInstance& instance = name_.service->instances[index];
    dns::Name name = dns::Name::from_view(owner);
    std::array<char, dns::kMaxLabel + 1> room;
    const auto label = instance_label(instance.told->id, room);
    if (instance.told->status == Status::draining || !name.push_front(label)) continue;
    open(dns::Type::PTR, ttl_of(*name_.service));
    out_.put_compressed(name.view());
    if (out_.close()) continue;
    truncated();
    return;
  }
}

/// RFC 6763, 9: one `_S._tcp.Z` for each service.
void ZoneAnswer::write_service_types() {
  const dns::NameView zone = in_.settings.name.view();
  in_.table.each_service([&](const Node& node) {
    if (node.service->all.candidates.empty()) return true;  // nothing to browse there
    std::array<std::string_view, 128> labels;
    std::size_t count = 0;
    for (dns::NameView rest = node.name; rest.size() > zone.size(); rest = dns::parent(rest)) {
      labels[count++] = dns::first_label(rest);
    }
    dns::Name type = in_.settings.name;
    bool fits = labels[0].size() < dns::kMaxLabel && type.push_front("_tcp");
    while (fits && count > 1) fits = type.push_front(labels[--count]);
    std::array<char, dns::kMaxLabel + 1> first;
    first[0] = '_';
    std::copy(labels[0].begin(), labels[0].end(), first.begin() + 1);
    if (!fits || !type.push_front({first.data(), labels[0].size() + 1})) return true;
    open(dns::Type::PTR, in_.settings.ttl);
    out_.put_compressed(type.view());
    if (out_.close()) return true;
    truncated();
    return false;
  });
}

}  // namespace cache
