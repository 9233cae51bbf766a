#include "cache/mass_change_guard.h"

#include <algorithm>

namespace cache {
namespace {

// Smaller services come and go as a whole every day.
constexpr std::size_t kSmallest = 5;
// The first sight, and two more.
constexpr unsigned kBelievedAt = 3;

using Sizes = std::map<std::string, std::size_t>;

std::size_t total(const Sizes& sizes) {
  std::size_t all = 0;
  for (const auto& [name, size] : sizes) all += size;
  return all;
}

Sizes sizes_of(const CatalogPart& part) {
  Sizes sizes;
  for (const Service& service : part.services) sizes[service.name] += service.instances.size();
  return sizes;
}

std::string sentence(const std::string& what, std::size_t before, std::size_t after) {
  return what + " would go from " + std::to_string(before) + " to " + std::to_string(after) +
         ": held until that is seen twice more";
}

}  // namespace

void MassChangeGuard::know(const SourceKnowledge& known) {
  if (is_off()) return;
  sizes_.clear();
  for (const auto& service : known.services) sizes_[service->name] += service->instances.size();
  records_ = known.records.size();
}

void MassChangeGuard::admit(CatalogDelta& delta) {
  if (is_off()) return;
  std::erase_if(delta.services, [this](const Service& service) {
    return is_held(service.name, service.instances.size());
  });
  std::erase_if(delta.gone, [this](const std::string& name) { return is_held(name, 0); });
  for (const Service& service : delta.services) {
    sizes_[service.name] = service.instances.size();
    seen_.erase(service.name);
  }
  for (const std::string& name : delta.gone) {
    sizes_.erase(name);
    seen_.erase(name);
  }
}

bool MassChangeGuard::is_held(const std::string& name, std::size_t after) const {
  const auto size = sizes_.find(name);
  const std::size_t before = size != sizes_.end() ? size->second : 0;
  if (seen_.contains("")) return after < before;  // all of the zone is
  return seen_.contains(name) && is_too_much(before, after);
}

std::vector<std::string> MassChangeGuard::admit(CatalogPart& next, const Known& known) {
  if (is_off()) return {};
  Sizes sizes = sizes_of(next);
  const std::size_t before = total(sizes_) + records_;
  const std::size_t after = total(sizes) + next.records.size();
  const bool too_much = is_too_much(before, after) || (after == 0 && before > 0);
  std::vector<std::string> said;
  switch (judge("", too_much)) {
    case Verdict::held:
      return hold_zone(next, sentence("all of it", before, after), known());
    case Verdict::believed:
      seen_.clear();
      break;
    case Verdict::fine:
      said = hold_services(next, sizes, known);
  }
  sizes_ = std::move(sizes);
  records_ = next.records.size();
  return said;
}

MassChangeGuard::Verdict MassChangeGuard::judge(const std::string& name, bool too_much) {
  if (!too_much) {
    seen_.erase(name);
    return Verdict::fine;
  }
  if (++seen_[name] < kBelievedAt) return Verdict::held;
  seen_.erase(name);
  return Verdict::believed;
}

bool MassChangeGuard::is_too_much(std::size_t before, std::size_t after) const {
  if (before < kSmallest || after >= before) return false;
  return (before - after) * 100 > before * max_drop_;
}

/// Everything stays as it stands, what is new too.
std::vector<std::string> MassChangeGuard::hold_zone(CatalogPart& next, const std::string& why,
                                                    const SourceKnowledge& stands) {
  next = {};
  for (const auto& service : stands.services) next.services.push_back(*service);
  for (Service& service : next.services) service.held = why;
  next.records = stands.records;
  return first_time("") ? std::vector{why} : std::vector<std::string>();
}

std::vector<std::string> MassChangeGuard::hold_services(CatalogPart& next, Sizes& sizes,
                                                        const Known& known) {
  std::map<std::string, std::string> held;  // why, by service
  for (const auto& [name, before] : sizes_) {
    const auto now = sizes.find(name);
    const std::size_t after = now != sizes.end() ? now->second : 0;
    if (judge(name, is_too_much(before, after)) != Verdict::held) continue;
    held[name] = sentence(name, before, after);
  }
  if (held.empty()) return {};
  std::erase_if(next.services, [&](const Service& service) { return held.contains(service.name); });
  const SourceKnowledge stands = known();
  std::vector<std::string> said;
  for (const auto& service : stands.services) {
    const auto why = held.find(service->name);
    if (why == held.end()) continue;
    next.services.push_back(*service);
    next.services.back().held = why->second;
    sizes[service->name] = service->instances.size();
    if (first_time(service->name)) said.push_back(why->second);
  }
  return said;
}

}  // namespace cache
