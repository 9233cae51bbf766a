#include "upstream/route53_policy.h"

#include "upstream/aws_places.h"

namespace upstream {
namespace {

using Policy = Route53Routing::Policy;

constexpr unsigned kElsewhere = 4;

/// By how much a place names of the world: the narrowest that holds us goes first.
unsigned rank_of_place(const Route53Routing& routing, std::string_view region) {
  const AwsPlace here = place_of_region(region);
  switch (routing.policy) {
    case Policy::latency:
    case Policy::proximity:
    case Policy::cidr:
      return routing.place == region ? 0 : kElsewhere;
    case Policy::country:
      if (routing.place == "*") return 3;
      return routing.place == here.country ? 1 : kElsewhere;
    case Policy::continent:
      return routing.place == here.continent ? 2 : kElsewhere;
    default:
      return kElsewhere;  // a region does not say in which state it is
  }
}

}  // namespace

Route53Rank rank_of(const Route53Routing& routing, std::string_view region) {
  switch (routing.policy) {
    case Policy::simple:
    case Policy::multivalue:
      return {};
    case Policy::weighted:
      return {routing.weight > 0 ? 0U : 1U, "weight 0"};
    case Policy::failover:
      return {routing.primary ? 0U : 1U, "standby"};
    default:
      return {region.empty() ? 0 : rank_of_place(routing, region), "for elsewhere"};
  }
}

}  // namespace upstream
