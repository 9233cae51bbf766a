#include "dnsd/control/services_text.h"

#include <algorithm>
#include <optional>

#include "cache/status_word.h"
#include "dnsd/control/json_text.h"

namespace signpost {
namespace {

void append_text(std::string& out, std::string_view key, std::string_view text) {
  if (!text.empty()) append_pair(out, key, text);
}

void append_status(std::string& out, const cache::Instance& told) {
  const std::string_view word = cache::to_text(told.status);
  append_pair(out, "status", word);
  if (told.status_text != word) append_pair(out, "status_text", told.status_text);
}

void append_attributes(std::string& out, const cache::Instance& told) {
  if (told.attributes.empty()) return;
  append_key(out, "attributes");
  out += '{';
  for (const auto& [key, value] : told.attributes) {
    append_comma(out);
    append_json(out, key);
    out += ':';
    append_json(out, value);
  }
  out += '}';
}

/// Left out while all is well, so that steps of a ramp are no change.
void append_health(std::string& out, const cache::TableInstance& instance) {
  if (instance.verdict == nullptr || instance.verdict->state == cache::HealthState::up) return;
  append_pair(out, "health", cache::to_text(instance.verdict->state));
}

void append_instance(std::string& out, const cache::TableInstance& instance, std::size_t entry) {
  const cache::Instance& told = *instance.told;
  append_comma(out);
  out += '{';
  append_pair(out, "id", told.id);
  append_text(out, "version", told.version);
  append_text(out, "host", told.host);
  if (told.port != 0) append_pair(out, "port", told.port);
  append_pair(out, "priority", told.priority);
  append_pair(out, "weight", told.weight);
  append_status(out, told);
  append_health(out, instance);
  append_text(out, "url", told.url);
  append_attributes(out, told);
  append_pair(out, "source", entry);
  out += '}';
}

std::string hex(const std::vector<std::uint8_t>& bytes) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const std::uint8_t byte : bytes) out.append({kDigits[byte >> 4], kDigits[byte & 15]});
  return out;
}

/// Nothing: all its instances are told by others before it.
std::optional<cache::SourceId> source_of(const cache::TableService& service,
                                         const cache::Service& told) {
  for (const cache::TableInstance& instance : service.instances) {
    const bool is_its = std::any_of(told.instances.begin(), told.instances.end(),
                                    [&](const auto& its) { return &its == instance.told; });
    if (is_its) return instance.source;
  }
  return std::nullopt;
}

void add_record(std::string& out, const cache::Node& node, const cache::RecordSet& set,
                std::size_t which, std::size_t entry) {
  append_comma(out);
  out += '{';
  append_pair(out, "name", dns::to_text(node.name));
  append_pair(out, "type", dns::to_text(set.type));
  append_pair(out, "ttl", set.ttl);
  append_pair(out, "data", hex(set.rdatas[which]));
  append_pair(out, "source", entry);
  out += '}';
}

}  // namespace

void ServicesText::add_head(std::string& out, DocumentSources::Detail detail) const {
  append_pair(out, "format", kServicesFormat);
  append_pair(out, "zone", dns::to_text(content_.zone));
  append_key(out, "sources");
  out += '[';
  sources_.write(out, detail);
  out += ']';
}

void ServicesText::add_service(std::string& out, const cache::Node& node) const {
  const cache::TableService* service = node.service.get();
  if (service == nullptr || !service->known) return;
  const std::size_t before = out.size();
  append_comma(out);
  out += '{';
  append_pair(out, "name", service->told.front()->name);
  if (service->ttl) append_pair(out, "ttl", *service->ttl);
  if (service->held) add_held(out, *service);
  append_key(out, "instances");
  out += '[';
  // Whose an empty service is, is not known: with another daemon read it might be its own.
  bool ours = service->instances.empty() && !sources_.reads_another();
  for (const cache::TableInstance& instance : service->instances) {
    const auto entry = sources_.entry({instance.source, instance.told->origin});
    if (entry) append_instance(out, instance, *entry);
    ours = ours || entry;
  }
  out += "]}";
  if (!ours) out.resize(before);
}

/// Only with who holds it: a reader must not hear its own hold from us.
void ServicesText::add_held(std::string& out, const cache::TableService& service) const {
  for (const auto& told : service.told) {
    const auto source = told->held.empty() ? std::nullopt : source_of(service, *told);
    const auto entry = source ? sources_.entry({*source, told->held_origin}) : std::nullopt;
    if (!entry) continue;
    append_pair(out, "held", told->held);
    append_pair(out, "held_by", *entry);
    return;
  }
}

void ServicesText::add_records(std::string& out, const cache::Node& node) const {
  for (const cache::RecordSet& set : node.records) {
    for (std::size_t i = 0; i < set.rdatas.size(); ++i) {
      const auto entry = sources_.entry(set.tellers[i]);
      if (entry) add_record(out, node, set, i, *entry);
    }
  }
}

}  // namespace signpost
