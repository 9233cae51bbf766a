#include "dnsd/control/document_sources.h"

#include <algorithm>

#include "dnsd/control/json_text.h"

namespace signpost {
namespace {

std::uint64_t seconds_since(dns::Time when, dns::Time now) {
  const auto age = std::chrono::duration_cast<dns::Seconds>(now - when);
  return static_cast<std::uint64_t>(std::max<dns::Seconds::rep>(0, age.count()));
}

}  // namespace

DocumentSources::DocumentSources(const DocumentContent& content) : now_(content.now) {
  const auto& sources = content.table.sources();
  for (std::size_t id = 0; id < sources.size(); ++id) {
    const auto* origins = content.origins_of(static_cast<cache::SourceId>(id));
    if (sources[id].aside) {
      places_.emplace_back();
    } else if (origins == nullptr) {
      add(sources[id]);
    } else {
      add(sources[id], *origins);
    }
  }
}

void DocumentSources::add(const cache::SourceInfo& info) {
  places_.push_back({entries_.size()});
  entries_.push_back({info.name, nullptr, &info, info.loaded, is_old(info)});
}

/// Under the other daemon's own sources, each as old as it is there; under ours only
/// while that daemon was not heard.
void DocumentSources::add(const cache::SourceInfo& info,
                          const std::vector<upstream::Origin>& origins) {
  reads_another_ = true;
  const upstream::Origin& relay = origins.front();
  auto& places = places_.emplace_back();
  places.emplace_back();  // of no known origin
  for (std::size_t i = 1; i < origins.size(); ++i) {
    const upstream::Origin& origin = origins[i];
    places.emplace_back(entries_.size());
    entries_.push_back({info.name + " > " + origin.name, &origin.via, &info, origin.loaded,
                        origin.stale || (relay.stale && is_old(info))});
  }
  if (!relay.loaded) entries_.push_back({info.name, nullptr, &info, false, false});
}

std::optional<std::size_t> DocumentSources::entry(cache::Teller teller) const {
  if (teller.source >= places_.size()) return std::nullopt;
  const auto& places = places_[teller.source];
  return teller.origin < places.size() ? places[teller.origin] : std::nullopt;
}

void DocumentSources::write(std::string& out, Detail detail) const {
  for (const Entry& entry : entries_) {
    append_comma(out);
    out += '{';
    append_pair(out, "name", entry.name);
    if (entry.via != nullptr) write_via(out, *entry.via);
    write_state(out, entry, detail);
    out += '}';
  }
}

void DocumentSources::write_via(std::string& out, const std::vector<std::string>& via) {
  append_key(out, "via");
  out += '[';
  for (const std::string& id : via) {
    append_comma(out);
    append_json(out, id);
  }
  out += ']';
}

void DocumentSources::write_state(std::string& out, const Entry& entry, Detail detail) const {
  const cache::SourceInfo& info = *entry.info;
  if (!entry.loaded) append_word(out, "loaded", "false");
  if (entry.stale) append_word(out, "stale", "true");
  if (detail == Detail::tag) return;
  if (entry.loaded && !info.asking) append_pair(out, "age", seconds_since(info.loaded_at, now_));
  if (!info.failure.empty()) append_pair(out, "failure", info.failure);
}

}  // namespace signpost
