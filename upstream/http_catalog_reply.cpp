#include "upstream/http_catalog_reply.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "upstream/catalog_fields.h"
#include "upstream/distinct_instances.h"
#include "upstream/endpoint.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

using nlohmann::json;

constexpr std::size_t kReasonMost = 160;  // of a body, in a sentence

const json* field(const json& body, const char* name) {
  const auto found = body.find(name);
  return found == body.end() ? nullptr : &*found;
}

const std::string* text_field(const json& body, const char* name) {
  const json* value = field(body, name);
  return value == nullptr ? nullptr : value->get_ptr<const std::string*>();
}

/// What went wrong in the catalog's own words, however it spells the field;
/// else the start of the body.
std::string reason(const json& body, std::string_view text) {
  for (const char* name : {"error_message", "errorMessage", "message", "Message"}) {
    const std::string* said = body.is_object() ? text_field(body, name) : nullptr;
    if (said != nullptr) return in_quotes(*said, kReasonMost);
  }
  return text.empty() ? "an empty body" : in_quotes(text, kReasonMost);
}

/// `300`, `3E+2`, as the whole text.
std::optional<double> number_from(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, value);
  if (text.empty() || problem != std::errc() || stop != end || !std::isfinite(value)) return {};
  return value;
}

/// Seconds of `ttl`, a number or a number in quotes, rounded and in bounds.
std::optional<std::uint32_t> seconds_of(const json* ttl) {
  std::optional<double> value;
  if (ttl != nullptr && ttl->is_number()) value = ttl->get<double>();
  if (ttl != nullptr && ttl->is_string()) value = number_from(ttl->get_ref<const std::string&>());
  if (!value) return {};
  return static_cast<std::uint32_t>(
      std::round(std::clamp(*value, 0.0, static_cast<double>(kMaxLookupTtl))));
}

/// An instance at `place`, if there is one.
cache::Instance instance_at(const std::optional<Endpoint>& place, const LookupKey& key) {
  cache::Instance instance;
  instance.version = key.version;
  if (place) instance.host = place->host;
  if (place) instance.port = place->port;
  return instance;
}

cache::Service service_of(const LookupKey& key, std::vector<cache::Instance> instances) {
  make_distinct(instances);
  return cache::Service{key.service, {}, std::move(instances)};
}

/// `{"status":"healthy","endpoint_url":"https://...","ttl":300}`, all three
/// required. Nothing: it is not that.
std::optional<Found> found_in_catalog(const json& body, const LookupKey& key) {
  const std::string* url = text_field(body, "endpoint_url");
  const std::string* status = text_field(body, "status");
  const auto ttl = seconds_of(field(body, "ttl"));
  if (url == nullptr || status == nullptr || !ttl) return {};
  cache::Instance instance = instance_at(endpoint_from_url(*url), key);
  instance.url = *url;
  instance.status_text = *status;
  instance.status = status_from(*status);
  Found found{service_of(key, {std::move(instance)}), *ttl};
  found.service.ttl = *ttl;
  return found;
}

/// Instance ids are opaque; one that says a place has an address.
cache::Instance instance_named(const std::string& id, const LookupKey& key) {
  cache::Instance instance = instance_at(endpoint_from_instance_id(id), key);
  instance.id = id;
  if (id.find("://") != std::string::npos && !instance.host.empty()) instance.url = id;
  return instance;
}

/// `{"instances":["bar","baz"]}`. Nothing: it is not that. An empty id, which a
/// registrar with an unset variable appends, names nobody and is passed over.
std::optional<Found> found_in_service(const json& body, const LookupKey& key) {
  const json* list = field(body, "instances");
  if (list == nullptr || !list->is_array()) return {};
  std::vector<cache::Instance> instances;
  for (const json& element : *list) {
    const auto* id = element.get_ptr<const std::string*>();
    if (id == nullptr) return {};
    if (!id->empty()) instances.push_back(instance_named(*id, key));
  }
  return Found{service_of(key, std::move(instances)), kServiceDialectTtl};
}

constexpr std::string_view form_of(conf::Catalog::Dialect dialect) {
  return dialect == conf::Catalog::Dialect::catalog
             ? R"({"endpoint_url": text, "status": text, "ttl": seconds})"
             : R"({"instances": [text, ...]})";
}

LookupOutcome read_success(const json& body, std::string_view text, conf::Catalog::Dialect dialect,
                           const LookupKey& key) {
  const auto no_word = [&](const std::string& why) {
    return Unavailable{true, "HTTP 200, but " + why};
  };
  if (body.is_object() && body.contains("errorMessage")) {
    return no_word("the catalog failed: " + reason(body, text));
  }
  const bool catalog = dialect == conf::Catalog::Dialect::catalog;
  auto read = !body.is_object() ? std::nullopt
              : catalog         ? found_in_catalog(body, key)
                                : found_in_service(body, key);
  if (read) return std::move(*read);
  return no_word("expected " + std::string(form_of(dialect)) + ", found " + reason(body, text));
}

}  // namespace

LookupOutcome read_http_catalog_reply(int status, std::string_view text,
                                      conf::Catalog::Dialect dialect, const LookupKey& key) {
  if (status == 404) return Absent{};
  const json body = json::parse(text, nullptr, false);
  if (status == 200) return read_success(body, text, dialect, key);
  return Unavailable{true, "HTTP " + std::to_string(status) + ": " + reason(body, text)};
}

}  // namespace upstream
