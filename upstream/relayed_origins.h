// Where what a relay tells comes from: its sources, and those of the daemons that it
// reads itself. Who is told by way of this very daemon is left out.
//
// Pure; belongs to one source.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "upstream/catalog_source.h"
#include "upstream/relay_document.h"

namespace upstream {

// A longer way is a ring whose daemons changed their ids, or no plan of anybody's.
constexpr std::size_t kLongestWay = 16;

class RelayedOrigins {
 public:
  explicit RelayedOrigins(std::string own_id) : own_id_(std::move(own_id)) {}

  /// Takes the sources of a document of the relay that is called `relay_id`. Those that were
  /// known before keep their numbers. Error: there are too many.
  dns::Result<dns::Done> take(const std::vector<RelayedSource>& sources,
                              const std::string& relay_id);
  /// The relay is called otherwise now: it started anew, with the same content.
  void rename_relay(const std::string& relay_id);
  /// Whether the relay is away now.
  void set_away(bool away) { list_.front().stale = away; }

  /// The origin that place `place` (from 1) in the last document's sources has here.
  /// Nothing: what comes from there is left out.
  std::optional<std::uint16_t> of(std::uint16_t place) const;
  /// As ListingSource::origins().
  const std::vector<Origin>& list() const { return list_; }

  /// What the relay lacks, a sentence; empty: nothing.
  const std::string& trouble() const { return trouble_; }
  /// Some of its sources have not loaded.
  bool incomplete() const { return !unloaded_.empty(); }
  /// Whether more may come of an origin: it has not loaded, or a source on the way to it has
  /// not; or it is not known (0), and some source has not.
  bool may_hold_more(std::uint16_t origin) const;

 private:
  std::uint16_t number_of(const RelayedSource& source);
  void note_trouble(const RelayedSource& source);
  bool leads_back(const RelayedSource& source) const;

  std::string own_id_;
  std::vector<Origin> list_{Origin{"", {}, false, false}};
  std::vector<std::uint16_t> numbers_;  // by place in the last document; 0: left out
  std::string trouble_;
  std::set<std::string, std::less<>> unloaded_;  // names of those that have not loaded
};

}  // namespace upstream
