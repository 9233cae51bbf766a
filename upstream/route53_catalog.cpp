#include "upstream/route53_catalog.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "upstream/catalog_builder.h"
#include "upstream/ldns_record.h"

namespace upstream {
namespace {

using cache::Instance;
using cache::Status;
using dns::Type;
using Group = Route53Sets::Group;
using Values = std::vector<Route53Value>;

bool is_address(Type type) {
  return type == Type::A || type == Type::AAAA;
}

/// Those to answer with: no health that all lack keeps any out.
Values in_answers(const Values& values) {
  const auto waits = [](const Route53Value& value) { return !value.waits.empty(); };
  const auto is_bad = [](const Route53Value& value) { return value.status == Status::unhealthy; };
  Values chosen;
  std::remove_copy_if(values.begin(), values.end(), std::back_inserter(chosen), waits);
  if (!std::all_of(chosen.begin(), chosen.end(), is_bad)) std::erase_if(chosen, is_bad);
  return chosen;
}

std::uint32_t lowest_ttl(const Values& values) {
  const auto less = [](const auto& a, const auto& b) { return a.ttl < b.ttl; };
  const auto lowest = std::min_element(values.begin(), values.end(), less);
  return lowest == values.end() ? 0 : lowest->ttl;
}

class Assembler {
 public:
  Assembler(const Route53Sets& sets, const Route53Known& known, const dns::Name& zone)
      : sets_(sets), known_(known), zone_(zone) {}

  Route53Part assemble() {
    note_hosts();
    const auto& all = sets_.all();
    for (auto first = all.begin(); first != all.end();) {
      const auto last = std::find_if(first, all.end(),
                                     [&](const auto& set) { return set.owner != first->owner; });
      const Group group(&*first, static_cast<std::size_t>(last - first));
      if (dns::is_within(first->owner, zone_.view())) take_name(group);
      first = last;
    }
    out_.part = builder_.finish();
    return std::move(out_);
  }

 private:
  /// Names that SRV values have as their target.
  void note_hosts() {
    for (const Route53RecordSet& set : sets_.all()) {
      if (set.type != Type::SRV) continue;
      for (const std::string& value : set.values) {
        const auto name = dns::Name::from_text(value.substr(value.find_last_of(" \t") + 1));
        if (name.ok() && dns::is_within(name.value().view(), zone_.view())) {
          hosts_.emplace(name.value().view());
        }
      }
    }
  }

  void take_name(Group name) {
    out_.inside += name.size();
    owner_ = name.front().owner;
    service_ = service_name(owner_, zone_);
    const Values v4 = values_in(of_type(name, Type::A));
    const Values v6 = values_in(of_type(name, Type::AAAA));
    const bool chooses = has_choice(v4, name, Type::A) || has_choice(v6, name, Type::AAAA);
    const bool spread = chooses && !service_.empty() && !hosts_.contains(std::string(owner_));
    if (spread) builder_.service(service_);  // there, even if nothing is in it
    for (const Values& values : {v4, v6}) spread ? add_instances(values) : add_records(values);
    for (auto rest = name.begin(); rest != name.end();) {
      const Group group = of_type(name, rest->type);
      if (!is_address(rest->type)) take_group(group);
      rest = group.end();
    }
  }

  Values values_in(Group group) { return values_of(sets_, group, known_, out_.left_out); }

  bool has_choice(const Values& values, Group name, Type type) const {
    const Group group = of_type(name, type);
    return values.size() > 1 || std::any_of(group.begin(), group.end(), [&](const auto& set) {
             return outside_host(set, known_.zone_id).has_value();
           });
  }

  void take_group(Group group) {
    const Type type = group.front().type;
    const bool apex = owner_ == sets_.apex() || owner_ == zone_.view();
    if (type == Type::SOA || (type == Type::NS && apex)) return;
    const Values values = values_in(group);
    if (type == Type::SRV && !service_.empty()) {
      builder_.service(service_);  // there, even if nothing is in it
      return add_instances(values);
    }
    if (type != Type::CNAME) return add_records(values);
    const Values chosen = in_answers(values);
    if (chosen.size() > 1 && !service_.empty()) return add_instances(values);
    add_records(Values(chosen.begin(), chosen.begin() + (chosen.empty() ? 0 : 1)));
  }

  void add_records(const Values& values) {
    const Values chosen = in_answers(values);
    const std::uint32_t ttl = lowest_ttl(chosen);
    for (const Route53Value& value : chosen) {
      if (value.is_host) continue;  // its addresses come when they are known
      const auto record = read(value);
      if (!record) continue;
      builder_.add(cache::Record{dns::Name::from_view(owner_), value.set->type, ttl,
                                 rdata_of(record.get())});
    }
  }

  /// Those that answer first: of two that name one host and port the first stays.
  void add_instances(const Values& values) {
    for (const bool waiting : {false, true}) {
      for (const Route53Value& value : values) {
        if (value.waits.empty() == !waiting) add_instance(value);
      }
    }
  }

  void add_instance(const Route53Value& value) {
    cache::Service& service = builder_.service(service_);
    lower_ttl(service.ttl, value.ttl);
    Instance instance;
    if (!place(value, instance) || instance.host.empty()) return;
    instance.id = value.set->identifier;
    instance.status = value.waits.empty() ? value.status : Status::draining;
    instance.status_text = value.waits;
    if (!value.set->routing.place.empty()) {
      instance.attributes.emplace_back("place", value.set->routing.place);
    }
    if (!value.set->health_check.empty()) {
      instance.attributes.emplace_back("health_check", value.set->health_check);
    }
    service.instances.push_back(std::move(instance));
  }

  /// Host, port, priority and weight.
  bool place(const Route53Value& value, Instance& instance) {
    if (value.is_host || is_address(value.set->type)) {
      instance.host = value.text;
      instance.weight = value.is_weighted ? value.share : cache::kDefaultWeight;
      return value.is_host || reads_as_address(value);
    }
    const auto record = read(value);
    if (!record) return false;
    if (value.set->type == Type::CNAME) {
      instance.host = first_name_of(record.get());
      instance.weight = value.is_weighted ? value.share : cache::kDefaultWeight;
      return true;
    }
    instance = srv_instance_of(record.get());
    const std::uint64_t weight = std::uint64_t{instance.weight} * value.share;
    instance.weight = static_cast<std::uint32_t>(std::min<std::uint64_t>(weight, UINT32_MAX));
    return true;
  }

  bool reads_as_address(const Route53Value& value) {
    const auto ip = dns::IpAddress::from_text(value.text);
    const bool right = ip.ok() && ip.value().is_v4() == (value.set->type == Type::A);
    return right || read(value) != nullptr;  // which says what is wrong
  }

  RecordPtr read(const Route53Value& value) {
    auto record = read_record(value.set->type, value.text);
    if (record.ok()) return std::move(record).value();
    out_.left_out.push_back("record set " + dns::to_text(value.set->owner) + ' ' +
                            dns::to_text(value.set->type) + ": " + record.error().message);
    return nullptr;
  }

  const Route53Sets& sets_;
  const Route53Known& known_;
  const dns::Name& zone_;
  std::unordered_set<std::string> hosts_;  // wire form
  dns::NameView owner_;                    // being read
  std::string service_;                    // its name as a service's; empty: it can be none
  CatalogBuilder builder_;
  Route53Part out_;
};

}  // namespace

Route53Part read_route53_sets(const Route53Sets& sets, const Route53Known& known,
                              const dns::Name& zone) {
  return Assembler(sets, known, zone).assemble();
}

}  // namespace upstream
