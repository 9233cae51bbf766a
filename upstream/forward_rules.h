// Which servers a name goes to: rules by suffix, the longest wins.
//
// Immutable once built; queries in flight keep the group they started with.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "upstream/server.h"

namespace upstream {

/// The servers of one rule, in the configuration's order.
using ServerGroup = std::vector<std::shared_ptr<Server>>;
using ServerGroupRef = std::shared_ptr<const ServerGroup>;

class ForwardRules {
 public:
  /// For names that no rule covers. May be empty.
  void set_default(ServerGroupRef group) { default_ = std::move(group); }
  /// For `suffix` and the names below it.
  void add(const dns::Name& suffix, ServerGroupRef group);

  /// Never null.
  const ServerGroupRef& group_for(dns::NameView name) const;

 private:
  std::vector<std::pair<dns::Name, ServerGroupRef>> rules_;  // the longest suffix first
  ServerGroupRef default_ = std::make_shared<ServerGroup>();
};

}  // namespace upstream
