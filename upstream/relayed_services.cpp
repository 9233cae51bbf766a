#include "upstream/relayed_services.h"

#include <algorithm>
#include <functional>
#include <string_view>

#include "upstream/document_pieces.h"

namespace upstream {
namespace {

/// A print of values in their order.
class Print {
 public:
  Print& add(std::uint64_t value) {
    // The golden ratio's bits, so that equal values in other places print otherwise.
    value_ = (value_ ^ value) * 0x9e3779b97f4a7c15U;
    value_ ^= value_ >> 29;
    return *this;
  }
  Print& add(std::string_view text) { return add(std::hash<std::string_view>()(text)); }
  std::uint64_t value() const { return value_; }

 private:
  std::uint64_t value_ = 1;
};

void add(Print& print, const cache::Instance& instance) {
  print.add(instance.id).add(instance.version).add(instance.host).add(instance.status_text);
  print.add(instance.url).add(instance.port).add(instance.priority).add(instance.weight);
  print.add(static_cast<std::uint64_t>(instance.status)).add(instance.origin);
  for (const auto& [key, value] : instance.attributes) print.add(key).add(value);
}

std::uint64_t print_of(const cache::Service& service) {
  Print print;
  print.add(service.name).add(service.ttl ? *service.ttl + std::uint64_t{1} : 0).add(service.held);
  for (const cache::Instance& instance : service.instances) add(print, instance);
  return print.value();
}

std::uint64_t print_of(const std::vector<cache::Record>& records) {
  Print print;
  for (const cache::Record& record : records) {
    const auto* data = reinterpret_cast<const char*>(record.rdata.data());
    print.add(record.owner.view()).add(static_cast<std::uint64_t>(record.type)).add(record.ttl);
    print.add(std::string_view(data, record.rdata.size())).add(record.origin);
  }
  return print.value();
}

/// A hold without its holder, or our own that came back, is none.
void resolve_hold(cache::Service& service, const RelayedOrigins& origins) {
  service.held_origin = origins.of(service.held_origin).value_or(0);
  if (service.held_origin == 0) service.held.clear();
}

/// Gives each its origin here, and drops those that have none.
template <typename Told>
void resolve(std::vector<Told>& all, const RelayedOrigins& origins) {
  for (Told& told : all) told.origin = origins.of(told.origin).value_or(0);
  std::erase_if(all, [](const Told& told) { return told.origin == 0; });
}

/// `time` for the key of `time`.
std::string name_of(const std::string& key) {
  std::string text = dns::to_text(key + '\0');
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::vector<std::string> resolve_origins(cache::CatalogPart& part, const RelayedOrigins& origins) {
  resolve(part.records, origins);
  std::vector<std::string> left_out;
  std::erase_if(part.services, [&](cache::Service& service) {
    const bool was_empty = service.instances.empty();
    resolve(service.instances, origins);
    resolve_hold(service, origins);
    const bool drop = !was_empty && service.instances.empty();
    if (drop) left_out.push_back(service.name);
    return drop;
  });
  return left_out;
}

void RelayedServices::remember(const cache::CatalogPart& part) {
  services_.clear();
  for (const cache::Service& service : part.services)
    services_[key_of(service.name)] = {print_of(service), true};
  records_ = print_of(part.records);
}

bool RelayedServices::differ(const std::vector<cache::Record>& records) const {
  return print_of(records) != records_;
}

cache::CatalogDelta RelayedServices::take(std::vector<cache::Service> services) {
  cache::CatalogDelta delta;
  for (auto& [name, known] : services_) known.seen = false;
  delta.services = others(std::move(services));
  std::erase_if(services_, [&](const auto& one) {
    if (!one.second.seen) delta.gone.push_back(name_of(one.first));
    return !one.second.seen;
  });
  return delta;
}

cache::CatalogDelta RelayedServices::take_changes(std::vector<cache::Service> services,
                                                  const std::vector<std::string>& gone) {
  cache::CatalogDelta delta;
  for (const std::string& name : gone) {
    if (services_.erase(key_of(name)) > 0) delta.gone.push_back(name);
  }
  delta.services = others(std::move(services));
  return delta;
}

std::string RelayedServices::key_of(const std::string& name) const {
  std::string owner = owner_of_service(name, zone_);
  if (!owner.empty()) owner.resize(owner.size() - zone_.view().size());
  return owner;
}

/// Those that are another than is remembered. Remembers all, as seen.
std::vector<cache::Service> RelayedServices::others(std::vector<cache::Service> services) {
  std::erase_if(services, [this](const cache::Service& service) {
    const Known told{print_of(service), true};
    const auto [at, is_new] = services_.try_emplace(key_of(service.name), told);
    const bool is_same = !is_new && at->second.print == told.print;
    at->second = told;
    return is_same;
  });
  return services;
}

}  // namespace upstream
