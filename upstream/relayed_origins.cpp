#include "upstream/relayed_origins.h"

#include <algorithm>

#include "upstream/printable.h"

namespace upstream {
namespace {

constexpr std::string_view kFurtherOn = " > ";

}  // namespace

dns::Result<dns::Done> RelayedOrigins::take(const std::vector<RelayedSource>& sources,
                                            const std::string& relay_id) {
  numbers_.clear();
  trouble_.clear();
  unloaded_.clear();
  // One that is mentioned no more lacks nothing: a relay that was not heard by the relay is
  // followed by its own sources.
  for (Origin& origin : list_) {
    origin.loaded = true;
    origin.stale = false;
  }
  for (const RelayedSource& source : sources) {
    numbers_.push_back(leads_back(source) ? std::uint16_t{0} : number_of(source));
    if (numbers_.back() == 0) continue;
    if (list_.size() > kMostRelayedSources)
      return dns::Error{"expected at most " + std::to_string(kMostRelayedSources) +
                        " sources behind one relay, over the time that it is read"};
    list_[numbers_.back()].via.push_back(relay_id);
    note_trouble(source);
  }
  return dns::Done{};
}

bool RelayedOrigins::leads_back(const RelayedSource& source) const {
  return source.via.size() >= kLongestWay ||
         std::find(source.via.begin(), source.via.end(), own_id_) != source.via.end();
}

std::uint16_t RelayedOrigins::number_of(const RelayedSource& source) {
  auto known = std::find_if(list_.begin() + 1, list_.end(),
                            [&](const Origin& origin) { return origin.name == source.name; });
  if (known == list_.end()) known = list_.insert(known, Origin());
  *known = {source.name, source.via, source.loaded, source.stale};
  return static_cast<std::uint16_t>(known - list_.begin());
}

void RelayedOrigins::note_trouble(const RelayedSource& source) {
  if (!source.loaded) unloaded_.insert(source.name);
  if (!trouble_.empty() || (source.loaded && !source.stale)) return;
  trouble_ = "its source " + printable(source.name) +
             (source.loaded ? " is away" : " has not been read yet") +
             (source.failure.empty() ? "" : ": " + printable(source.failure, 2 * kQuotedMost));
}

void RelayedOrigins::rename_relay(const std::string& relay_id) {
  for (auto origin = list_.begin() + 1; origin != list_.end(); ++origin) {
    if (!origin->via.empty()) origin->via.back() = relay_id;
  }
}

std::optional<std::uint16_t> RelayedOrigins::of(std::uint16_t place) const {
  if (place == 0 || place > numbers_.size() || numbers_[place - 1] == 0) return std::nullopt;
  return numbers_[place - 1];
}

bool RelayedOrigins::may_hold_more(std::uint16_t origin) const {
  if (origin == 0) return incomplete();
  const std::string_view name = list_[origin].name;
  for (std::size_t at = name.find(kFurtherOn); at != name.npos;
       at = name.find(kFurtherOn, at + 1)) {
    if (unloaded_.contains(name.substr(0, at))) return true;
  }
  return unloaded_.contains(name);
}

}  // namespace upstream
