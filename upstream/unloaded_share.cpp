#include "upstream/unloaded_share.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "cache/service_name.h"

namespace upstream {
namespace {

using Instances = std::vector<cache::Instance>;

bool is_told(const Instances& told, const cache::Instance& stands) {
  return std::any_of(told.begin(), told.end(), [&](const cache::Instance& instance) {
    return instance.id == stands.id && (stands.origin == 0 || instance.origin == stands.origin);
  });
}

Instances share_of(const cache::Service& stands, const Instances& told,
                   const RelayedOrigins& origins) {
  Instances share;
  for (const cache::Instance& instance : stands.instances) {
    if (origins.may_hold_more(instance.origin) && !is_told(told, instance))
      share.push_back(instance);
  }
  return share;
}

void keep_services(std::vector<cache::Service>& told, const cache::SourceKnowledge& stands,
                   const RelayedOrigins& origins) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < told.size(); ++i) places[cache::canonical_service(told[i].name)] = i;
  for (const auto& before : stands.services) {
    const auto at = places.find(cache::canonical_service(before->name));
    const bool is_new = at == places.end();
    Instances share = share_of(*before, is_new ? Instances() : told[at->second].instances, origins);
    if (is_new && (!share.empty() || before->instances.empty())) {
      told.push_back({before->name, before->ttl, std::move(share), before->held});
    } else if (!is_new) {
      Instances& all = told[at->second].instances;
      std::move(share.begin(), share.end(), std::back_inserter(all));
    }
  }
}

/// Its name and type; of one whose source is known, the data and the source too.
std::string key_of(const cache::Record& record, bool whole) {
  std::string key(record.owner.view());
  key += std::to_string(static_cast<unsigned>(record.type));
  if (!whole) return key;
  key += ' ' + std::to_string(record.origin) + ' ';
  return key.append(record.rdata.begin(), record.rdata.end());
}

bool comes_first(const cache::Record& a, const cache::Record& b) {
  return key_of(a, true) < key_of(b, true);
}

/// In an order of their own, so that the same content is the same each time.
void keep_records(std::vector<cache::Record>& told, const cache::SourceKnowledge& stands,
                  const RelayedOrigins& origins) {
  std::unordered_set<std::string> keys;
  for (const cache::Record& record : told) {
    keys.insert(key_of(record, false));
    keys.insert(key_of(record, true));
  }
  const auto first = static_cast<std::ptrdiff_t>(told.size());
  for (const cache::Record& record : stands.records) {
    const bool is_known = record.origin != 0;
    if (origins.may_hold_more(record.origin) && !keys.contains(key_of(record, is_known)))
      told.push_back(record);
  }
  std::sort(told.begin() + first, told.end(), comes_first);
}

}  // namespace

void keep_unloaded_share(cache::CatalogPart& told, const cache::SourceKnowledge& stands,
                         const RelayedOrigins& origins) {
  keep_services(told.services, stands, origins);
  keep_records(told.records, stands, origins);
}

}  // namespace upstream
