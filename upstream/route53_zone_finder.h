// Finds the hosted zone of a name. The API lists zones from a name on, those of
// other names too, and several may have one name: names are compared here, a private zone
// goes before a public one, and two of a kind are an error that lists them.
//
// Control thread only, but for choose_hosted_zone: pure.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dnsd/dns/name.h"
#include "dnsd/dns/result.h"
#include "upstream/route53_api.h"
#include "upstream/route53_xml.h"

namespace upstream {

/// The zone of that name among those listed. The error says which there are.
dns::Result<Route53HostedZone> choose_hosted_zone(const std::vector<Route53HostedZone>& listed,
                                                  const dns::Name& name);

// Of 100 zones each, all of one name: more is a server that goes in circles.
constexpr std::size_t kMostZonePages = 100;

class Route53ZoneFinder {
 public:
  using Outcome = std::variant<Route53HostedZone, Route53Failure>;
  using Done = std::function<void(Outcome)>;

  /// `api` must outlive this.
  explicit Route53ZoneFinder(Route53Api& api) : api_(api) {}
  ~Route53ZoneFinder() { api_.cancel(call_); }
  Route53ZoneFinder(const Route53ZoneFinder&) = delete;
  Route53ZoneFinder& operator=(const Route53ZoneFinder&) = delete;

  /// `done` is called once, never before find() returns, and may destroy this.
  /// REQUIRES: no find is under way.
  void find(const dns::Name& name, Done done);

 private:
  void ask(const std::string& dns_name, const std::string& zone_id);
  void heard(const Route53Outcome& outcome);
  void finish(Outcome outcome);

  Route53Api& api_;
  Route53Api::CallId call_ = 0;
  dns::Name name_;
  Done done_;
  std::vector<Route53HostedZone> listed_;
  std::size_t pages_ = 0;
};

}  // namespace upstream
