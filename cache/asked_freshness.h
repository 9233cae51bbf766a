// Whether what asking sources said of a name can be answered with now, or a
// source must be asked first, or behind the answer.
//
// Pure: the rules of architecture.md (Catalog) and zone.md (Flags and errors)
// for names that are fetched one at a time.
#pragma once

#include <string_view>

#include "cache/catalog_table.h"

namespace cache {

struct AskedFreshness {
  bool wait = false;                      // ask first; the client waits
  bool refresh = false;                   // answer, and ask behind the answer
  const AskedVersion* stale = nullptr;    // the data is old: EDE 3
  const AskedVersion* failure = nullptr;  // there is no data, and the source said nothing
  bool unheard = false;                   // a source was to be asked, and has not answered
};

/// `service` is what the table knows of the name (null: nothing); `version` as
/// asked, empty for a name without one. `may_wait` is false once the client has
/// waited: then the best that there is.
AskedFreshness asked_freshness(const CatalogTable& table, const TableService* service,
                               std::string_view version, dns::Time now, bool may_wait);

}  // namespace cache
