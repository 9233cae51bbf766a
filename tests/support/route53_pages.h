// Bodies as Route 53's API writes them, composed for tests.
#pragma once

#include <string>
#include <vector>

namespace support {

inline const std::string kRoute53Namespace =
    R"( xmlns="https://route53.amazonaws.com/doc/2013-04-01/")";

/// `<name>text</name>`; nothing for an empty text.
inline std::string element(const std::string& name, const std::string& text) {
  return text.empty() ? "" : "<" + name + ">" + text + "</" + name + ">";
}

/// A record set: `more` are elements between its type and its values.
inline std::string record_set(const std::string& name, const std::string& type,
                              const std::vector<std::string>& values, const std::string& more = "",
                              const std::string& ttl = "0") {
  std::string records;
  for (const std::string& value : values) {
    records += element("ResourceRecord", element("Value", value));
  }
  return element("ResourceRecordSet", element("Name", name) + element("Type", type) + more +
                                          element("TTL", ttl) +
                                          element("ResourceRecords", records));
}

/// `<SetIdentifier>` and the element that says the policy.
inline std::string routed(const std::string& identifier, const std::string& policy) {
  return element("SetIdentifier", identifier) + policy;
}
inline std::string weighted(const std::string& identifier, int weight) {
  return routed(identifier, element("Weight", std::to_string(weight)));
}
inline std::string checked(const std::string& id) {
  return element("HealthCheckId", id);
}

inline std::string alias_set(const std::string& name, const std::string& type,
                             const std::string& zone_id, const std::string& target,
                             const std::string& more = "", bool evaluates = false) {
  return element("ResourceRecordSet",
                 element("Name", name) + element("Type", type) + more +
                     element("AliasTarget",
                             element("HostedZoneId", zone_id) + element("DNSName", target) +
                                 element("EvaluateTargetHealth", evaluates ? "true" : "false")));
}

/// `next` are the elements that say where the next page starts; empty: the last page.
inline std::string sets_page(const std::string& sets, const std::string& next = "") {
  return "<?xml version=\"1.0\"?>\n<ListResourceRecordSetsResponse" + kRoute53Namespace +
         "><ResourceRecordSets>" + sets + "</ResourceRecordSets><IsTruncated>" +
         (next.empty() ? "false" : "true") + "</IsTruncated>" + next +
         "<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>";
}
inline std::string next_set(const std::string& name, const std::string& type,
                            const std::string& identifier = "") {
  return element("NextRecordName", name) + element("NextRecordType", type) +
         element("NextRecordIdentifier", identifier);
}

inline std::string hosted_zone(const std::string& id, const std::string& name, bool is_private,
                               const std::string& more = "") {
  return element("HostedZone",
                 element("Id", "/hostedzone/" + id) + element("Name", name) +
                     element("Config", element("PrivateZone", is_private ? "true" : "false")) +
                     more);
}
inline std::string zones_page(const std::string& zones, const std::string& next = "") {
  return "<?xml version=\"1.0\"?>\n<ListHostedZonesByNameResponse" + kRoute53Namespace +
         "><HostedZones>" + zones + "</HostedZones><IsTruncated>" +
         (next.empty() ? "false" : "true") + "</IsTruncated>" + next +
         "<MaxItems>100</MaxItems></ListHostedZonesByNameResponse>";
}
inline std::string next_zone(const std::string& name, const std::string& id) {
  return element("NextDNSName", name) + element("NextHostedZoneId", id);
}

/// One observation a status text.
inline std::string health_status(const std::vector<std::string>& statuses) {
  std::string list;
  for (const std::string& status : statuses) {
    list += element("HealthCheckObservation",
                    element("Region", "us-east-1") + element("IPAddress", "15.177.2.1") +
                        element("StatusReport", element("Status", status)));
  }
  return "<GetHealthCheckStatusResponse" + kRoute53Namespace + "><HealthCheckObservations>" + list +
         "</HealthCheckObservations></GetHealthCheckStatusResponse>";
}

/// An error's body, as the API sends it with a status of 400 and above.
inline std::string error_body(const std::string& code, const std::string& message) {
  return "<?xml version=\"1.0\"?>\n<ErrorResponse" + kRoute53Namespace +
         "><Error><Type>Sender</Type>" + element("Code", code) + element("Message", message) +
         "</Error><RequestId>r-1</RequestId></ErrorResponse>";
}

}  // namespace support
