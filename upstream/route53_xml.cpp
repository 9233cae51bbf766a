#include "upstream/route53_xml.h"

#include <charconv>
#include <pugixml.hpp>
#include <utility>

#include "upstream/ldns_record.h"
#include "upstream/printable.h"
#include "upstream/route53_names.h"

namespace upstream {
namespace {

using dns::Error;
using dns::Result;
using Policy = Route53Routing::Policy;

// RFC 2181, 8.
constexpr std::uint32_t kMostTtl = 0x7fffffff;
constexpr std::uint32_t kMostWeight = 255;

/// Reads `body` into `document` and hands back its root, which must be `root`.
Result<pugi::xml_node> read_root(pugi::xml_document& document, std::string_view body,
                                 const char* root) {
  const auto parsed = document.load_buffer(body.data(), body.size());
  const pugi::xml_node found = document.document_element();
  if (parsed && found.name() == std::string_view(root)) return found;
  const std::string expected = "expected the XML document <" + std::string(root) + ">, found ";
  if (parsed) return Error{expected + "<" + printable(found.name()) + ">"};
  return Error{expected + in_quotes(body) + ": " + parsed.description() + " at byte " +
               std::to_string(parsed.offset)};
}

bool is_true(const pugi::xml_node& parent, const char* name) {
  return parent.child_value(name) == std::string_view("true");
}

std::optional<std::uint32_t> number_in(const pugi::xml_node& parent, const char* name,
                                       std::uint32_t most) {
  const std::string_view text = parent.child_value(name);
  std::uint32_t number = 0;
  const auto [stopped, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = problem == std::errc() && stopped == text.data() + text.size();
  return whole && number <= most ? std::optional(number) : std::nullopt;
}

Error not_a_number(const pugi::xml_node& parent, const char* name, std::uint32_t most) {
  return Error{"expected <" + std::string(name) + "> from 0 to " + std::to_string(most) +
               ", found " + in_quotes(parent.child_value(name))};
}

Result<Route53HostedZone> read_hosted_zone(const pugi::xml_node& node) {
  Route53HostedZone zone;
  zone.id = without_path(node.child_value("Id"));
  const auto name = route53_name(node.child_value("Name"));
  if (zone.id.empty()) return Error{"expected an <Id> in each <HostedZone>, found none"};
  if (!name.ok()) return Error{"hosted zone " + printable(zone.id) + ": " + name.error().message};
  zone.name = name.value();
  zone.is_private = is_true(node.child("Config"), "PrivateZone");
  zone.comment = node.child("Config").child_value("Comment");
  zone.managed_by = node.child("LinkedService").child_value("ServicePrincipal");
  return zone;
}

Route53Routing geolocation(const pugi::xml_node& node) {
  Route53Routing routing;
  const auto take = [&](Policy policy, const char* name) {
    const std::string_view place = node.child_value(name);
    if (place.empty()) return;
    routing.policy = policy;
    routing.place = place;
  };
  take(Policy::continent, "ContinentCode");
  take(Policy::country, "CountryCode");
  take(Policy::subdivision, "SubdivisionCode");
  return routing;
}

/// REQUIRES: its <Weight>, where there is one, is a number.
Route53Routing routing_of(const pugi::xml_node& node) {
  if (node.child("Weight")) {
    return {Policy::weighted, number_in(node, "Weight", kMostWeight).value_or(0), false, {}};
  }
  if (is_true(node, "MultiValueAnswer")) return {Policy::multivalue, 0, false, {}};
  if (const auto failover = node.child("Failover")) {
    return {Policy::failover, 0, failover.child_value() == std::string_view("PRIMARY"), {}};
  }
  if (node.child("Region")) return {Policy::latency, 0, false, node.child_value("Region")};
  if (const auto place = node.child("GeoLocation")) return geolocation(place);
  if (const auto place = node.child("GeoProximityLocation")) {
    return {Policy::proximity, 0, false, place.child_value("AWSRegion")};
  }
  if (const auto place = node.child("CidrRoutingConfig")) {
    return {Policy::cidr, 0, false, place.child_value("LocationName")};
  }
  return {};
}

std::optional<Route53Alias> alias_of(const pugi::xml_node& node) {
  const auto alias = node.child("AliasTarget");
  if (!alias) return std::nullopt;
  return Route53Alias{std::string(without_path(alias.child_value("HostedZoneId"))),
                      alias.child_value("DNSName"), is_true(alias, "EvaluateTargetHealth")};
}

std::vector<std::string> values_of(const pugi::xml_node& node) {
  std::vector<std::string> values;
  for (const auto& record : node.child("ResourceRecords").children("ResourceRecord")) {
    values.push_back(decimal_escapes(record.child_value("Value")));
  }
  return values;
}

Result<Route53RecordSet> read_record_set(const pugi::xml_node& node) {
  Route53RecordSet set;
  const auto owner = route53_name(node.child_value("Name"));
  if (!owner.ok()) return owner.error();
  const auto type = data_type_named(node.child_value("Type"));
  if (!type) {
    return Error{"expected the name of a record type, found " +
                 in_quotes(node.child_value("Type"))};
  }
  set.owner = owner.value().view();
  set.type = *type;
  set.ttl = number_in(node, "TTL", kMostTtl);
  if (node.child("TTL") && !set.ttl) return not_a_number(node, "TTL", kMostTtl);
  if (node.child("Weight") && !number_in(node, "Weight", kMostWeight)) {
    return not_a_number(node, "Weight", kMostWeight);
  }
  set.identifier = node.child_value("SetIdentifier");
  set.routing = routing_of(node);
  set.alias = alias_of(node);
  set.values = values_of(node);
  set.health_check = node.child_value("HealthCheckId");
  return set;
}

std::string named(const pugi::xml_node& node, const std::string& why) {
  return "record set " + in_quotes(node.child_value("Name")) + " " +
         printable(node.child_value("Type")) + ": " + why;
}

Result<std::optional<Route53SetsPage::Next>> next_of_sets(const pugi::xml_node& root) {
  if (!is_true(root, "IsTruncated")) return std::optional<Route53SetsPage::Next>();
  Route53SetsPage::Next next{root.child_value("NextRecordName"), root.child_value("NextRecordType"),
                             root.child_value("NextRecordIdentifier")};
  if (next.name.empty() || next.type.empty()) {
    return Error{"expected <NextRecordName> and <NextRecordType> in a page that is truncated"};
  }
  return std::optional(std::move(next));
}

Result<std::optional<Route53ZonesPage::Next>> next_of_zones(const pugi::xml_node& root) {
  if (!is_true(root, "IsTruncated")) return std::optional<Route53ZonesPage::Next>();
  Route53ZonesPage::Next next{root.child_value("NextDNSName"),
                              root.child_value("NextHostedZoneId")};
  if (next.dns_name.empty()) return Error{"expected <NextDNSName> in a page that is truncated"};
  return std::optional(std::move(next));
}

}  // namespace

Result<Route53ZonesPage> read_hosted_zones_page(std::string_view body) {
  pugi::xml_document document;
  const auto root = read_root(document, body, "ListHostedZonesByNameResponse");
  if (!root.ok()) return root.error();
  Route53ZonesPage page;
  for (const auto& node : root.value().child("HostedZones").children("HostedZone")) {
    auto zone = read_hosted_zone(node);
    if (!zone.ok()) return zone.error();
    page.zones.push_back(std::move(zone).value());
  }
  auto next = next_of_zones(root.value());
  if (!next.ok()) return next.error();
  page.next = std::move(next).value();
  return page;
}

Result<Route53SetsPage> read_record_sets_page(std::string_view body) {
  pugi::xml_document document;
  const auto root = read_root(document, body, "ListResourceRecordSetsResponse");
  if (!root.ok()) return root.error();
  const auto list = root.value().child("ResourceRecordSets");
  if (!list) return Error{"expected <ResourceRecordSets> in the page, found none"};
  Route53SetsPage page;
  for (const auto& node : list.children("ResourceRecordSet")) {
    auto set = read_record_set(node);
    if (set.ok()) {
      page.sets.push_back(std::move(set).value());
    } else {
      page.left_out.push_back(named(node, set.error().message));
    }
  }
  auto next = next_of_sets(root.value());
  if (!next.ok()) return next.error();
  page.next = std::move(next).value();
  return page;
}

Result<Route53Checkers> read_health_check_status(std::string_view body) {
  pugi::xml_document document;
  const auto root = read_root(document, body, "GetHealthCheckStatusResponse");
  if (!root.ok()) return root.error();
  Route53Checkers checkers;
  const auto list = root.value().child("HealthCheckObservations");
  for (const auto& node : list.children("HealthCheckObservation")) {
    const std::string_view status = node.child("StatusReport").child_value("Status");
    ++checkers.all;
    if (status.starts_with("Success")) ++checkers.content;
  }
  return checkers;
}

Result<Route53ChecksPage> read_health_checks_page(std::string_view body) {
  pugi::xml_document document;
  const auto root = read_root(document, body, "ListHealthChecksResponse");
  if (!root.ok()) return root.error();
  Route53ChecksPage page;
  for (const auto& node : root.value().child("HealthChecks").children("HealthCheck")) {
    const auto form = node.child("HealthCheckConfig");
    page.forms[node.child_value("Id")] = {
        is_true(form, "Inverted"), is_true(form, "Disabled"),
        form.child_value("Type") == std::string_view("CALCULATED")};
  }
  if (!is_true(root.value(), "IsTruncated")) return page;
  page.next = root.value().child_value("NextMarker");
  if (page.next.empty()) return Error{"expected <NextMarker> in a page that is truncated"};
  return page;
}

}  // namespace upstream
