#include "dnsd/signpost/services_answer.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "cache/service_name.h"
#include "dnsd/signpost/json_input.h"
#include "dnsd/signpost/shares.h"
#include "dnsd/signpost/shown.h"
#include "dnsd/signpost/text_records.h"

namespace signpost::tool {
namespace {

bool says_healthy(std::string_view status) {
  return status != "unhealthy" && status != "draining";
}

/// As the daemon sees it; where it says nothing of that, as the catalog does.
bool is_healthy(const Json& instance) {
  const std::string health = text_at(instance, "health"), status = text_at(instance, "status");
  return health.empty() || status == "draining" ? says_healthy(status) : health != "out";
}

/// The rows of one service, by version.
class Rows {
 public:
  explicit Rows(std::string service) : service_(std::move(service)) {}

  /// `weight`: of the instance; nothing: not known.
  void add(const std::string& version, bool healthy, std::optional<std::uint64_t> weight) {
    ServiceRow& row = by_version_[version];
    ++row.instances;
    if (healthy) ++row.healthy;
    if (weight) row.weight = row.weight.value_or(0) + (healthy ? *weight : 0);
  }

  /// A service without instances has a row as well.
  void take(std::vector<ServiceRow>& out) {
    if (by_version_.empty()) by_version_[""].weight = 0;
    for (auto& [version, row] : by_version_) {
      row.service = service_;
      row.version = version;
      out.push_back(std::move(row));
    }
  }

 private:
  std::string service_;
  std::map<std::string, ServiceRow> by_version_;
};

/// What follows `key=` in the first of the strings that begins so.
std::string value_of(const std::vector<std::string>& strings, std::string_view key) {
  for (const std::string& text : strings) {
    if (text.starts_with(key)) return text.substr(key.size());
  }
  return {};
}

Json document_of(const ServiceRow& row) {
  return {{"service", row.service},
          {"version", row.version},
          {"instances", row.instances},
          {"healthy", row.healthy},
          {"weight", row.weight ? Json(*row.weight) : Json()}};
}

}  // namespace

dns::Result<std::vector<ServiceRow>> service_rows(std::string_view text) {
  const auto document = read_json(text);
  if (!document || !document->contains("services") || !list_at(*document, "services").is_array())
    return dns::Error{"expected a catalog in JSON from the control port"};
  std::vector<ServiceRow> out;
  for (const Json& service : list_at(*document, "services")) {
    Rows rows(cache::canonical_service(text_at(service, "name")));
    for (const Json& one : list_at(service, "instances")) {
      const auto weight =
          static_cast<std::uint64_t>(std::clamp(number_at(one, "weight"), 0.0, 4294967295.0));
      rows.add(text_at(one, "version"), is_healthy(one), weight);
    }
    rows.take(out);
  }
  return out;
}

std::vector<ServiceRow> service_rows(const std::string& service, dns::WireView texts) {
  Rows rows(service);
  for (const auto& strings : texts_in(texts))
    rows.add(value_of(strings, "version="), says_healthy(value_of(strings, "status=")), {});
  std::vector<ServiceRow> out;
  rows.take(out);
  return out;
}

std::uint64_t weight_in(dns::WireView reply) {
  std::uint64_t sum = 0;
  for (const Share& share : shares_of(reply)) sum += share.weight;
  return sum;
}

Said services_answer(std::vector<ServiceRow> rows) {
  std::sort(rows.begin(), rows.end(), [](const ServiceRow& a, const ServiceRow& b) {
    return std::tie(a.service, a.version) < std::tie(b.service, b.version);
  });
  std::vector<std::vector<std::string>> cells{
      {"SERVICE", "VERSION", "INSTANCES", "HEALTHY", "WEIGHT"}};
  Json document{{"services", Json::array()}};
  for (const ServiceRow& row : rows) {
    cells.push_back({row.service, row.version.empty() ? "-" : row.version,
                     std::to_string(row.instances), std::to_string(row.healthy),
                     row.weight ? std::to_string(*row.weight) : "-"});
    document["services"].push_back(document_of(row));
  }
  return {answered, table(cells), std::move(document), {}, {}};
}

}  // namespace signpost::tool
