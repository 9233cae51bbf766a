#include "upstream/catalog_builder.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dnsd/dns/lowered.h"
#include "upstream/distinct_instances.h"

namespace upstream {

void lower_ttl(std::optional<std::uint32_t>& ttl, std::optional<std::uint32_t> other) {
  if (other) ttl = ttl ? std::min(*ttl, *other) : *other;
}

cache::Service& CatalogBuilder::service(const std::string& name) {
  const auto [place, is_new] = places_.try_emplace(dns::lowered(name), part_.services.size());
  if (is_new) part_.services.push_back(cache::Service{name, {}, {}});
  return part_.services[place->second];
}

void CatalogBuilder::add(ServiceBlock block) {
  cache::Service& into = service(block.name);
  lower_ttl(into.ttl, block.ttl);
  if (into.held.empty()) {
    into.held = std::move(block.held);
    into.held_origin = block.held_origin;
  }
  if (into.instances.empty()) {
    into.instances = std::move(block.instances);
  } else {
    std::move(block.instances.begin(), block.instances.end(), std::back_inserter(into.instances));
  }
}

cache::CatalogPart CatalogBuilder::finish() {
  for (cache::Service& service : part_.services) {
    make_distinct(service.instances);
    service.instances.shrink_to_fit();
  }
  return std::move(part_);
}

}  // namespace upstream
