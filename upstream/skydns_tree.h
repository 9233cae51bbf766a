// The keys below the zone, and the services that they make.
//
// A name answers with all keys below it, however deep, or with its own key when
// there is none below and no service above it has it. Of keys with
// groups only those of the group on the shortest key count (and those without one), unless
// the shortest disagree.
//
// A service is made anew from its keys alone, so that a change costs its own
// services and not the catalog. Belongs to one source.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "cache/instance.h"
#include "upstream/skydns_value.h"

namespace upstream {

// A name above other folders is a folder, not a service, when it has more keys
// than this below it: no message could carry them, and each change below would cost all of them.
constexpr std::size_t kMostBelowFolders = 1000;

class SkydnsTree {
 public:
  /// Sets what stands at `path`. `revision` is the key's own: one before that of what stands
  /// there is a repetition, and nothing changes. Returns whether something did.
  bool put(std::string_view path, SkydnsValue value, std::int64_t revision);
  /// Likewise; returns whether something stood there.
  bool erase(std::string_view path, std::int64_t revision);
  std::size_t size() const { return entries_.size(); }

  /// All of it.
  cache::CatalogPart part() const;
  /// What these services (`services_of` what was put and erased) are now.
  cache::CatalogDelta delta(const std::vector<std::string>& services) const;

 private:
  struct Entry {
    SkydnsValue value;
    std::int64_t revision = 0;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;
  /// A key that counts for a service: how it is called there, and how deep below it stands.
  struct Member {
    const SkydnsValue* value = nullptr;
    std::string_view below;  // the rest of the path
    std::size_t depth = 0;
  };

  void add_members(const std::string& name, const std::string& path,
                   std::vector<Member>& members) const;
  bool add_all_below(const std::string& folder, std::vector<Member>& members) const;
  static void keep_one_group(std::vector<Member>& members);
  cache::Service service(const std::string& name) const;

  Entries entries_;  // by path
};

}  // namespace upstream
