#include "cache/zone_name.h"

#include <algorithm>

#include "cache/service_name.h"

namespace cache {
namespace {

constexpr std::string_view kExplain = "_explain";

/// One that sources know, not only were asked for.
bool has_service(const Node* node) {
  return node && node->service && node->service->known;
}

/// The name is there: not only a note that a source was asked for it.
bool stands(const Node* node) {
  return node && (node->below || !node->records.empty() || has_service(node));
}

bool is_protocol(std::string_view label) {
  return label == "_tcp" || label == "_udp";
}

/// Whether a source over HTTP may be asked for it: the catalog pastes names into
/// JSON as they are, so nothing but letters, digits, '_' and '-' goes there.
bool is_safe(std::string_view label) {
  return std::all_of(label.begin(), label.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
}

class Reader {
 public:
  Reader(const CatalogTable& table, dns::NameView zone, dns::NameView name, ZoneName& out)
      : table_(table), zone_(zone), name_(name), out_(out) {
    for (dns::NameView rest = name; rest.size() > zone.size(); rest = dns::parent(rest)) {
      starts_[count_++] = static_cast<std::uint8_t>(name.size() - rest.size());
    }
  }

  void read(std::uint64_t hash) {
    if (count_ == 0) {
      out_.kind = ZoneName::Kind::apex;
      out_.node = table_.find(name_, hash);
      out_.exact = out_.node != nullptr && !out_.node->records.empty();
      return;
    }
    out_.node = table_.find(name_, hash);
    if (out_.node && out_.node->service && out_.node->service->known) {
      as_service(*out_.node, 0);
      return plan_to_ask();
    }
    plan_to_ask();
    if (is_protocol(label(count_ - 1)) ? read_underscored() : read_plain()) return;
    read_records();
  }

 private:
  std::string_view label(std::size_t i) const { return dns::first_label(name_.substr(starts_[i])); }
  dns::NameView from(std::size_t i) const {
    return i == count_ ? zone_ : dns::NameView(name_.substr(starts_[i]));
  }

  /// The labels [first, end) as text, `1.0`, in the outcome's own room.
  std::string_view text(std::size_t first, std::size_t end) {
    std::size_t used = 0;
    for (std::size_t i = first; i < end; ++i) {
      const std::string_view part = label(i);
      if (used > 0) out_.version_text[used++] = '.';
      std::copy(part.begin(), part.end(), out_.version_text.begin() + static_cast<long>(used));
      used += part.size();
    }
    return {out_.version_text.data(), used};
  }

  bool is(ZoneName::Kind kind) {
    out_.kind = kind;
    return true;
  }

  bool read_plain() {
    const std::string_view last = label(count_ - 1);
    if (count_ == 1 && last == "ns") return is(ZoneName::Kind::name_server);
    if (last == "addr" && read_target()) return true;
    for (std::size_t i = 1; i < count_; ++i) {
      const Node* node = table_.find(from(i));
      if (has_service(node) && as_service(*node, i)) return true;
    }
    return false;
  }

  bool read_target() {
    if (count_ == 1) return table_.has_addresses() && is(ZoneName::Kind::empty);
    const auto ip = count_ == 2 ? address_from_label(label(0)) : std::nullopt;
    if (!ip) return false;
    const AddressUse* use = table_.find(*ip);
    if (use == nullptr || use->instances == 0) return false;
    out_.ip = *ip;
    return is(ZoneName::Kind::target);
  }

  /// `[V.]_S._tcp.Z`: looks up `S.Z`.
  bool read_underscored() {
    out_.underscored = true;
    if (count_ == 1) return is(ZoneName::Kind::empty);
    if (label(count_ - 2) == "_dns-sd") {
      if (count_ == 2) return is(ZoneName::Kind::empty);
      return count_ == 3 && label(0) == "_services" && is(ZoneName::Kind::service_types);
    }
    for (std::size_t i = count_ - 1; i-- > 0;) {
      if (label(i).size() < 2 || label(i)[0] != '_' || label(i) == kExplain) continue;
      const Node* node = find_plain(i);
      if (has_service(node) && as_service(*node, i)) return true;
    }
    return false;
  }

  /// The node of the service that the labels [first, count - 1) spell with an underscore.
  const Node* find_plain(std::size_t first) const {
    dns::Name plain = dns::Name::from_view(zone_);
    for (std::size_t i = count_ - 1; i-- > first;) {
      if (!plain.push_front(i == first ? label(i).substr(1) : label(i))) return nullptr;
    }
    return table_.find(plain.view());
  }

  /// Whether the labels [0, end) before the service's own name mean something.
  bool as_service(const Node& node, std::size_t end) {
    const TableService& service = *node.service;
    const bool explain = end > 0 && label(0) == kExplain;
    const std::size_t first = explain ? 1 : 0;
    if (first == end) return found(service, service.all, explain);
    const std::string_view version = text(first, end);
    if (const View* view = service.version(version)) return found(service, *view, explain);
    if (explain) return false;
    if (end == 1 && may_be_instance(service) && find_instance(service)) return true;
    for (const View& view : service.versions) {
      const bool below = view.version.size() > version.size() && view.version.ends_with(version) &&
                         view.version[view.version.size() - version.size() - 1] == '.';
      if (below) return is(ZoneName::Kind::empty);
    }
    return false;
  }

  /// Names of instances are for what listing sources told, and stand back behind records.
  bool may_be_instance(const TableService& service) const {
    return out_.underscored || (service.listed && !stands(out_.node));
  }

  bool find_instance(const TableService& service) {
    for (const TableInstance& instance : service.instances) {
      const std::size_t size = instance.told->id.size();
      if (size != label(0).size() && size <= dns::kMaxLabel) continue;
      std::array<char, dns::kMaxLabel + 1> room;
      if (instance_label(instance.told->id, room) != label(0)) continue;
      out_.service = &service;
      out_.instance = &instance;
      return is(ZoneName::Kind::instance);
    }
    return false;
  }

  bool found(const TableService& service, const View& view, bool explain) {
    out_.service = &service;
    out_.view = &view;
    return is(explain ? ZoneName::Kind::explain : ZoneName::Kind::service);
  }

  /// Which service and version an asking source would be asked for.
  void plan_to_ask() {
    if (!table_.asks()) return;
    std::size_t at = count_ - 1;
    const bool underscored = is_protocol(label(at));
    if (underscored && at-- == 0) return;
    std::string_view service = label(at);
    if (underscored) {
      if (service.size() < 2 || service[0] != '_' || service == "_dns-sd") return;
      service = service.substr(1);
    } else if (service == "addr" || service == "ns" || service == kExplain) {
      return;
    }
    const std::size_t first = at > 0 && label(0) == kExplain ? 1 : 0;
    for (std::size_t i = first; i <= at; ++i) {
      if (!is_safe(label(i))) return;
    }
    out_.may_ask = true;
    out_.asked_service = service;
    const Node* node = at == 0 && !underscored ? out_.node : find_service(service);
    out_.asked_of = node ? node->service.get() : nullptr;
    out_.asked_version = text(first, at);
  }

  const Node* find_service(std::string_view label) const {
    dns::Name name = dns::Name::from_view(zone_);
    return name.push_front(label) ? table_.find(name.view()) : nullptr;
  }

  void read_records() {
    out_.exact = stands(out_.node);
    if (!out_.exact) out_.node = table_.has_wildcards() ? find_wildcard() : nullptr;
    if (out_.node == nullptr) return;
    const bool has_records = !out_.node->records.empty();
    out_.kind = has_records ? ZoneName::Kind::records : ZoneName::Kind::empty;
  }

  /// RFC 4592: the wildcard right below the closest name that exists.
  const Node* find_wildcard() const {
    for (std::size_t i = 1; i <= count_; ++i) {
      if (i < count_ && !stands(table_.find(from(i)))) continue;
      dns::Name wildcard = dns::Name::from_view(from(i));
      return wildcard.push_front("*") ? table_.find(wildcard.view()) : nullptr;
    }
    return nullptr;
  }

  const CatalogTable& table_;
  dns::NameView zone_;
  dns::NameView name_;
  ZoneName& out_;
  std::array<std::uint8_t, 128> starts_;  // where each label of the name begins
  std::size_t count_ = 0;                 // labels before the zone's
};

}  // namespace

void ZoneName::take_meaning(const ZoneName& other) {
  kind = other.kind;
  underscored = other.underscored;
  node = other.node;
  service = other.service;
  view = other.view;
  instance = other.instance;
  ip = other.ip;
}

void read_zone_name(const CatalogTable& table, dns::NameView zone, dns::NameView name,
                    std::uint64_t hash, ZoneName& out) {
  out.kind = ZoneName::Kind::nothing;
  out.underscored = out.exact = out.may_ask = false;
  out.node = nullptr;
  out.service = out.asked_of = nullptr;
  out.view = nullptr;
  out.instance = nullptr;
  out.asked_service = out.asked_version = {};
  Reader(table, zone, name, out).read(hash);
}

}  // namespace cache
