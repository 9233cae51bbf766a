#include "upstream/skydns_tree.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "upstream/distinct_instances.h"
#include "upstream/skydns_key.h"

namespace upstream {
namespace {

std::string_view last_label(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

bool says_something(const SkydnsValue& value) {
  return !value.host.empty() || !value.text().empty();
}

void take_lower_ttl(cache::Service& service, const SkydnsValue& value) {
  if (value.ttl != 0) service.ttl = std::min(service.ttl.value_or(value.ttl), value.ttl);
}

}  // namespace

bool SkydnsTree::put(std::string_view path, SkydnsValue value, std::int64_t revision) {
  const auto [at, added] = entries_.try_emplace(std::string(path));
  if (!added && revision < at->second.revision) return false;
  at->second = Entry{std::move(value), revision};
  return true;
}

bool SkydnsTree::erase(std::string_view path, std::int64_t revision) {
  const auto at = entries_.find(path);
  if (at == entries_.end() || revision < at->second.revision) return false;
  entries_.erase(at);
  return true;
}

cache::CatalogPart SkydnsTree::part() const {
  std::unordered_set<std::string> names;
  for (const auto& [path, entry] : entries_) {
    for (std::string& name : services_of(path)) names.insert(std::move(name));
  }
  cache::CatalogPart part;
  for (const std::string& name : names) {
    cache::Service made = service(name);
    if (!made.instances.empty()) part.services.push_back(std::move(made));
  }
  return part;
}

cache::CatalogDelta SkydnsTree::delta(const std::vector<std::string>& services) const {
  cache::CatalogDelta delta;
  for (const std::string& name : services) {
    cache::Service made = service(name);
    if (made.instances.empty()) {
      delta.gone.push_back(name);
    } else {
      delta.services.push_back(std::move(made));
    }
  }
  return delta;
}

cache::Service SkydnsTree::service(const std::string& name) const {
  std::vector<Member> members;
  for (const std::string& path : paths_of(name)) add_members(name, path, members);
  keep_one_group(members);
  cache::Service service{name, {}, {}};
  service.instances.reserve(members.size());
  for (const Member& member : members) {
    std::string id = dotted(member.below);
    if (id.empty()) id = name;  // the key ends with a slash
    service.instances.push_back(instance_from(*member.value, std::move(id)));
    take_lower_ttl(service, *member.value);
  }
  make_distinct(service.instances);
  return service;
}

void SkydnsTree::add_members(const std::string& name, const std::string& path,
                             std::vector<Member>& members) const {
  if (!add_all_below(path + '/', members)) return;
  const auto own = entries_.find(path);
  if (own == entries_.end() || !says_something(own->second.value)) return;
  if (services_of(path) != std::vector<std::string>{name}) return;
  members.push_back({&own->second.value, last_label(own->first), 0});
}

/// Whether there is nothing at all below `folder`.
bool SkydnsTree::add_all_below(const std::string& folder, std::vector<Member>& members) const {
  const auto first = entries_.lower_bound(folder);
  const std::size_t before = members.size();
  bool has_folders = false;
  auto at = first;
  for (; at != entries_.end() && at->first.starts_with(folder); ++at) {
    const std::string_view below = std::string_view(at->first).substr(folder.size());
    const auto depth = static_cast<std::size_t>(std::count(below.begin(), below.end(), '/')) + 1;
    has_folders = has_folders || depth > 1;
    if (says_something(at->second.value)) members.push_back({&at->second.value, below, depth});
    if (!has_folders || members.size() - before <= kMostBelowFolders) continue;
    members.resize(before);
    return false;
  }
  return at == first;
}

void SkydnsTree::keep_one_group(std::vector<Member>& members) {
  const Member* shortest = nullptr;
  for (const Member& member : members) {
    if (member.value->group().empty()) continue;
    if (shortest == nullptr || member.depth < shortest->depth) shortest = &member;
  }
  if (shortest == nullptr) return;
  const std::string_view group = shortest->value->group();
  const std::size_t depth = shortest->depth;
  const auto is_other = [group](const Member& member) {
    return !member.value->group().empty() && member.value->group() != group;
  };
  const bool disagree = std::any_of(members.begin(), members.end(), [&](const Member& member) {
    return member.depth == depth && is_other(member);
  });
  if (!disagree) std::erase_if(members, is_other);
}

}  // namespace upstream
