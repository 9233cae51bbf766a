// Who uses which address of the catalog: what a rebuild of some names changes in that.
//
// Pure; for the catalog alone, which makes tables (cache/catalog.h).
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cache/catalog_table.h"

namespace cache {

class AddressChanges {
 public:
  /// All that `node` holds comes (sign 1) or goes (-1).
  void note(const Node& node, int sign);
  /// Makes the shards anew that are touched. REQUIRES: `next` is not published yet. Call it
  /// once, last.
  void apply(CatalogTable& next);

 private:
  struct Change {
    int instances = 0;
    std::vector<std::string> gained, lost;  // owners of records

    /// Most instances of a service that was made anew are as they were.
    bool is_none() const { return instances == 0 && gained.empty() && lost.empty(); }
  };
  using Changes = std::map<dns::IpAddress, Change>;

  static void apply_change(AddressUse& use, const Change& change);

  // In one piece until apply(): what is small, short-lived and made between parts of a table
  // leaves holes between them.
  std::vector<std::pair<dns::IpAddress, int>> instances_;
  Changes changes_;
};

}  // namespace cache
