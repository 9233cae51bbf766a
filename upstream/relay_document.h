// The document that another daemon's control port tells its catalog with
// (dnsd/control/services_document.h says its form): text to services, records and who
// told each.
// It may tell changes alone.
//
// JSON with the field readers of file catalogs. Read whole or not at all, as a
// stream of events; a key that is not known is passed over, with all that is in it. An
// error starts with its place, `URL:LINE:COLUMN: expected ..., found ...`.
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cache/instance.h"
#include "dnsd/dns/result.h"
#include "upstream/catalog_document.h"

namespace upstream {

// The only format that there is so far; another is refused.
constexpr unsigned kRelayFormat = 1;
// More than anybody configures; an instance's `origin` counts in them.
constexpr std::size_t kMostRelayedSources = 1'000;
// Who tells changes alone tells everything where there are so many.
constexpr std::size_t kMostGone = 10'000;

/// A source of the other daemon, or of one that it reads itself.
struct RelayedSource {
  std::string name;
  std::vector<std::string> via;  // ids of the daemons between, the source's own first
  bool loaded = true;            // else more may come from it
  bool stale = false;            // what it said is old
  std::string failure;           // of its last refresh; empty: it went well
};

struct RelayDocument {
  std::vector<RelayedSource> sources;
  cache::CatalogPart part;        // an `origin` is the place in `sources`, from 1
  std::vector<std::string> gone;  // where it tells changes alone: services that are no more, as
                                  // they were spelled
};

/// `context.zone` must be the zone of the other daemon too.
dns::Result<RelayDocument> read_relay_document(std::string_view text,
                                               const DocumentContext& context);

}  // namespace upstream
