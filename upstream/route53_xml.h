// The XML bodies of Route 53's API (contracts.md, section 3), read by pugixml.
//
// Elements may come in any order, and what is not known is passed over. A body
// that is not what was asked for is an error; a record set that makes no sense is
// left out and named, so that one of them does not cost the zone.
//
// Pure; any thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnsd/dns/name.h"
#include "dnsd/dns/result.h"
#include "upstream/route53_record_set.h"

namespace upstream {

struct Route53HostedZone {
  std::string id;  // without its path
  dns::Name name;
  bool is_private = false;
  std::string comment;
  std::string managed_by;  // the service that keeps it, `servicediscovery.amazonaws.com`; or empty

  friend bool operator==(const Route53HostedZone&, const Route53HostedZone&) = default;
};

/// ListHostedZonesByName.
struct Route53ZonesPage {
  struct Next {
    std::string dns_name, zone_id;
  };
  std::vector<Route53HostedZone> zones;
  std::optional<Next> next;  // where the next page starts; nothing: this is the last
};
dns::Result<Route53ZonesPage> read_hosted_zones_page(std::string_view body);

/// ListResourceRecordSets.
struct Route53SetsPage {
  struct Next {
    std::string name, type, identifier;  // as they came; no identifier: empty
  };
  std::vector<Route53RecordSet> sets;
  std::vector<std::string> left_out;  // a sentence each
  std::optional<Next> next;
};
dns::Result<Route53SetsPage> read_record_sets_page(std::string_view body);

/// GetHealthCheckStatus: how many checkers there are, and how many saw a success.
struct Route53Checkers {
  unsigned all = 0;
  unsigned content = 0;

  /// Route 53's own rule: more than 18 % of them. REQUIRES: there are some.
  bool say_healthy() const { return content * 100 > all * 18; }
};
dns::Result<Route53Checkers> read_health_check_status(std::string_view body);

/// What a health check is, of what is needed to read its status.
struct Route53CheckForm {
  bool inverted = false;
  bool disabled = false;    // counts as healthy, whatever its checkers see
  bool calculated = false;  // from other checks: its status cannot be asked for

  friend bool operator==(const Route53CheckForm&, const Route53CheckForm&) = default;
};

/// ListHealthChecks.
struct Route53ChecksPage {
  std::map<std::string, Route53CheckForm> forms;  // by id
  std::string next;  // marker of the next page; empty: this is the last
};
dns::Result<Route53ChecksPage> read_health_checks_page(std::string_view body);

}  // namespace upstream
