#include "upstream/distinct_instances.h"

#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "dnsd/dns/address.h"
#include "dnsd/dns/lowered.h"
#include "upstream/endpoint.h"

namespace upstream {
namespace {

/// One spelling for one address: `2001:DB8:0::1` and `2001:db8::1` are the same host.
std::string host_key(const std::string& host) {
  const auto address = dns::IpAddress::parse(host);
  if (!address) return dns::lowered(host);
  const bool has_one_spelling = host.find(':') == std::string::npos;
  return has_one_spelling ? host : address->to_text();
}

std::string identity(const cache::Instance& instance) {
  std::string out = dns::lowered(instance.version);
  out += '\n';  // in no version, host or port
  if (instance.host.empty()) return out + '\n' + instance.id;
  return out + host_key(instance.host) + '\n' + std::to_string(instance.port);
}

void drop_repeated(std::vector<cache::Instance>& instances) {
  std::unordered_set<std::string> seen;
  std::erase_if(instances, [&](const cache::Instance& instance) {
    return !seen.insert(identity(instance)).second;
  });
}

std::string made_id(const cache::Instance& instance) {
  if (!instance.host.empty()) return to_text(Endpoint{instance.host, instance.port});
  return instance.url.empty() ? "instance" : instance.url;
}

/// Takes `id`, or its first free variant, out of those that are free.
std::string take(const std::string& id, std::unordered_map<std::string, unsigned>& taken) {
  unsigned& count = taken[dns::lowered(id)];  // stays valid: nodes do not move
  if (count++ == 0) return id;
  for (;; ++count) {
    std::string variant = id + "-" + std::to_string(count);
    if (taken.try_emplace(dns::lowered(variant), 1).second) return variant;
  }
}

void name_apart(std::vector<cache::Instance>& instances) {
  std::unordered_map<std::string, unsigned> taken;
  for (cache::Instance& instance : instances) instance.id = take(instance.id, taken);
}

}  // namespace

void make_distinct(std::vector<cache::Instance>& instances) {
  if (instances.size() > 1) drop_repeated(instances);
  for (cache::Instance& instance : instances) {
    if (instance.id.empty()) instance.id = made_id(instance);
  }
  if (instances.size() > 1) name_apart(instances);
}

}  // namespace upstream
