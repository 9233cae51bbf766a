#include "upstream/forward_rules.h"

#include <algorithm>

namespace upstream {

void ForwardRules::add(const dns::Name& suffix, ServerGroupRef group) {
  const auto at = std::find_if(rules_.begin(), rules_.end(),
                               [&](const auto& rule) { return rule.first.size() < suffix.size(); });
  rules_.insert(at, {suffix, std::move(group)});
}

const ServerGroupRef& ForwardRules::group_for(dns::NameView name) const {
  for (const auto& [suffix, group] : rules_) {
    if (dns::is_within(name, suffix.view())) return group;
  }
  return default_;
}

}  // namespace upstream
