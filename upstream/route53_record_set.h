// A record set of a Route 53 hosted zone, as the API lists it (contracts.md, 3.5).
//
// Values. Zones of 10,000 sets are kept whole, so what few sets have is small.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dnsd/dns/codes.h"

namespace upstream {

/// How Route 53 chooses among the sets of one name and type.
struct Route53Routing {
  enum class Policy : std::uint8_t {
    simple,
    weighted,
    multivalue,
    failover,
    latency,
    continent,    // geolocation, by the widest thing it names ...
    country,      // ... `*`: everywhere else
    subdivision,  // ... a state of the USA, or a province of Ukraine
    proximity,
    cidr,
  };
  Policy policy = Policy::simple;
  std::uint32_t weight = 0;  // weighted: 0 to 255
  bool primary = false;      // failover
  std::string place;         // region, continent, country, subdivision or location

  friend bool operator==(const Route53Routing&, const Route53Routing&) = default;
};

/// Another name whose records a set has.
struct Route53Alias {
  std::string zone_id;  // in which the target is; AWS's own for what is no record set
  std::string target;   // as the API spells it
  bool evaluates_health = false;

  friend bool operator==(const Route53Alias&, const Route53Alias&) = default;
};

struct Route53RecordSet {
  std::string owner;  // absolute, wire form, lower-case
  dns::Type type = dns::Type::A;
  std::string identifier;  // SetIdentifier; empty: simple
  Route53Routing routing;
  std::optional<std::uint32_t> ttl;  // nothing: an alias
  std::vector<std::string> values;   // text, its escapes decimal
  std::optional<Route53Alias> alias;
  std::string health_check;  // empty: none

  friend bool operator==(const Route53RecordSet&, const Route53RecordSet&) = default;
};

}  // namespace upstream
