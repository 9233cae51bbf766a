#include "upstream/route53_values.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "upstream/route53_names.h"
#include "upstream/route53_policy.h"

namespace upstream {
namespace {

using cache::Status;
using Values = std::vector<Route53Value>;
using Group = Route53Sets::Group;

// More sets than this on the way to one name's values are no zone that anybody means.
constexpr std::size_t kMostSteps = 2'000;
// A longer chain of aliases ends with nothing, as one of CNAMEs does (cache/answer_chain.h).
constexpr std::size_t kLongestAliasChain = 16;

bool answers(const Route53Value& value) {
  return value.waits.empty() && value.status != Status::unhealthy;
}

std::uint32_t times(std::uint32_t a, std::uint32_t b) {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(std::uint64_t{a} * b, kMost));
}

/// One set, and what became of it.
struct Told {
  Values values;
  bool healthy = true;
  Route53Rank rank;
};

class Follower {
 public:
  Follower(const Route53Sets& zone, const Route53Known& known) : zone_(zone), known_(known) {}

  Values follow(Group group) {
    const bool ring = std::count(path_.begin(), path_.end(), group.data()) > 0;
    if (ring) too_long_ = "found one that leads back to itself";
    if (!ring && path_.size() == kLongestAliasChain) too_long_ = "found a longer one";
    if (group.empty() || ring || path_.size() == kLongestAliasChain) return {};
    path_.push_back(group.data());
    std::vector<Told> told;
    for (const Route53RecordSet& set : group) {
      if (++steps_ <= kMostSteps) told.push_back(tell(set));
    }
    path_.pop_back();
    return chosen(std::move(told));
  }

  /// What was not followed to its end; empty: nothing.
  std::string left_out() const {
    if (steps_ > kMostSteps) {
      return "expected at most " + std::to_string(kMostSteps) +
             " sets on the way to its values, found more";
    }
    if (too_long_.empty()) return "";
    return "expected a chain of at most " + std::to_string(kLongestAliasChain) + " aliases, " +
           too_long_;
  }

 private:
  Told tell(const Route53RecordSet& set) {
    Told told;
    told.rank = rank_of(set.routing, known_.region);
    told.values = set.alias ? alias_values(set) : own_values(set);
    const Status own = health_of(set);
    for (Route53Value& value : told.values) {
      value.share = times(value.share, share_of(set.routing));
      value.is_weighted =
          value.is_weighted || set.routing.policy == Route53Routing::Policy::weighted;
      if (own == Status::unhealthy || value.status == Status::unknown) value.status = own;
    }
    const bool evaluates = set.alias && set.alias->evaluates_health;
    const bool any = std::any_of(told.values.begin(), told.values.end(), answers);
    told.healthy = own != Status::unhealthy && (!evaluates || any);
    return told;
  }

  Status health_of(const Route53RecordSet& set) const {
    const auto known = known_.health.find(set.health_check);
    return known == known_.health.end() ? Status::unknown : known->second;
  }

  Values own_values(const Route53RecordSet& set) const {
    Values values;
    for (const std::string& text : set.values) {
      values.push_back({&set, text, false, set.ttl.value_or(kAliasTtl), 1, Status::unknown, {}});
    }
    return values;
  }

  Values alias_values(const Route53RecordSet& set) {
    if (const auto host = outside_host(set, known_.zone_id)) return host_values(set, *host);
    if (set.alias->zone_id != known_.zone_id) return {};
    const auto target = route53_name(set.alias->target);
    return target.ok() ? follow(zone_.answer(target.value().view(), set.type)) : Values();
  }

  Values host_values(const Route53RecordSet& set, const std::string& host) const {
    if (host.empty()) return {};
    const auto known = known_.hosts.find(host);
    if (known == known_.hosts.end()) {
      return {{&set, host, true, kAliasTtl, 1, Status::unknown, {}}};
    }
    Values values;
    for (const dns::IpAddress& ip : known->second) {
      if (ip.is_v4() != (set.type == dns::Type::A)) continue;
      values.push_back({&set, ip.to_text(), false, kAliasTtl, 1, Status::unknown, {}});
    }
    return values;
  }

  /// The sets of the lowest rank that has a healthy one answer; those behind it wait.
  static Values chosen(std::vector<Told> told) {
    unsigned lowest = std::numeric_limits<unsigned>::max();
    unsigned answering = lowest;
    for (const Told& one : told) {
      lowest = std::min(lowest, one.rank.rank);
      if (one.healthy) answering = std::min(answering, one.rank.rank);
    }
    const bool none_is_healthy = answering == std::numeric_limits<unsigned>::max();
    if (none_is_healthy) answering = lowest;
    Values values;
    for (Told& one : told) {
      for (Route53Value& value : one.values) {
        if (one.rank.rank > answering) value.waits = one.rank.else_is;
        values.push_back(std::move(value));
      }
    }
    return values;
  }

  const Route53Sets& zone_;
  const Route53Known& known_;
  std::vector<const Route53RecordSet*> path_;  // groups on the way here
  std::size_t steps_ = 0;
  std::string too_long_;  // what some chain was found to be; empty: none was
};

}  // namespace

std::vector<Route53Value> values_of(const Route53Sets& zone, Route53Sets::Group group,
                                    const Route53Known& known, std::vector<std::string>& left_out) {
  Follower follower(zone, known);
  Values values = follower.follow(group);
  if (const std::string why = follower.left_out(); !why.empty()) {
    left_out.push_back("record set " + dns::to_text(group.front().owner) + ' ' +
                       dns::to_text(group.front().type) + ": " + why);
  }
  return values;
}

std::optional<std::string> outside_host(const Route53RecordSet& set, const std::string& zone_id) {
  const bool address = set.type == dns::Type::A || set.type == dns::Type::AAAA;
  if (!set.alias || !address || set.alias->zone_id == zone_id) return std::nullopt;
  const auto name = route53_name(set.alias->target);
  if (!name.ok() || name.value().is_root()) return "";
  std::string host = name.value().to_text();
  host.pop_back();
  return host;
}

}  // namespace upstream
