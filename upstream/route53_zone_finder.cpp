#include "upstream/route53_zone_finder.h"

#include <algorithm>
#include <utility>

#include "upstream/printable.h"

namespace upstream {
namespace {

// The API's own bound.
constexpr const char* kMostZones = "100";

std::string listed_text(const std::vector<const Route53HostedZone*>& zones) {
  std::string text;
  for (const Route53HostedZone* zone : zones) {
    text += (text.empty() ? "" : ", ") + printable(zone->id);
    if (!zone->comment.empty()) text += " (" + printable(zone->comment) + ")";
  }
  return text;
}

std::string without_dot(const dns::Name& name) {
  std::string text = name.to_text();
  if (text.size() > 1) text.pop_back();
  return text;
}

}  // namespace

dns::Result<Route53HostedZone> choose_hosted_zone(const std::vector<Route53HostedZone>& listed,
                                                  const dns::Name& name) {
  std::vector<const Route53HostedZone*> fits;
  for (const Route53HostedZone& zone : listed) {
    if (zone.name == name) fits.push_back(&zone);
  }
  if (fits.empty()) {
    return dns::Error{"expected a hosted zone " + without_dot(name) +
                      " in this account, found none: create it, or set the catalog's zone to "
                      "another name or to an id"};
  }
  const auto is_private = [](const Route53HostedZone* zone) { return zone->is_private; };
  const bool any_private = std::any_of(fits.begin(), fits.end(), is_private);
  std::erase_if(fits, [&](const auto* zone) { return any_private && !zone->is_private; });
  if (fits.size() == 1) return *fits.front();
  return dns::Error{"expected one " + std::string(any_private ? "private" : "public") +
                    " hosted zone " + without_dot(name) + ", found " + std::to_string(fits.size()) +
                    ": " + listed_text(fits) + "; set the catalog's zone to the id of one"};
}

void Route53ZoneFinder::find(const dns::Name& name, Done done) {
  name_ = name;
  done_ = std::move(done);
  listed_.clear();
  pages_ = 0;
  ask(without_dot(name), "");
}

void Route53ZoneFinder::ask(const std::string& dns_name, const std::string& zone_id) {
  Route53Call call{"ListHostedZonesByName", "*", "hostedzonesbyname", {}};
  call.query = {{"dnsname", dns_name}, {"maxitems", kMostZones}};
  if (!zone_id.empty()) call.query.emplace_back("hostedzoneid", zone_id);
  call_ = api_.get(std::move(call), [this](const Route53Outcome& outcome) { heard(outcome); });
}

void Route53ZoneFinder::heard(const Route53Outcome& outcome) {
  call_ = 0;
  if (const auto* failure = std::get_if<Route53Failure>(&outcome)) return finish(*failure);
  auto page = read_hosted_zones_page(std::get<std::string>(outcome));
  if (!page.ok()) {
    return finish(Route53Failure{"ListHostedZonesByName: " + page.error().message, "", false});
  }
  auto& zones = page.value().zones;
  // They are sorted: when the last has another name, no more of ours come.
  const bool may_go_on = !zones.empty() && zones.back().name == name_;
  listed_.insert(listed_.end(), zones.begin(), zones.end());
  const auto& next = page.value().next;
  if (++pages_ == kMostZonePages && next && may_go_on) {
    return finish(
        Route53Failure{"ListHostedZonesByName: expected an end, found one more page after " +
                           std::to_string(kMostZonePages) + "; name the zone by its id",
                       "", false});
  }
  if (next && may_go_on) return ask(next->dns_name, std::string(next->zone_id));
  const auto chosen = choose_hosted_zone(listed_, name_);
  if (!chosen.ok()) return finish(Route53Failure{chosen.error().message, "", true});
  finish(chosen.value());
}

void Route53ZoneFinder::finish(Outcome outcome) {
  const Done done = std::exchange(done_, nullptr);
  done(std::move(outcome));
}

}  // namespace upstream
