// Who uses which address of the catalog: what a rebuild of some names changes in that.
//
// Pure; for the catalog alone, which makes tables (cache/catalog.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cache/catalog_table.h"

namespace cache {

class AddressChanges {
 public:
  /// All that `node` holds comes (sign 1) or goes (-1). REQUIRES: it stands until apply().
  void note(const Node& node, int sign);
  /// Makes the shards anew that are touched. REQUIRES: `next` is not published yet.
  void apply(CatalogTable& next);

 private:
  /// An instance that uses the address, or a record's owner, comes or goes.
  struct Change {
    std::size_t shard = 0;
    dns::IpAddress ip;
    int sign = 0;
    std::string_view owner;  // empty: an instance
  };
  using Changes = std::vector<Change>;

  void note(const dns::IpAddress& ip, int sign, std::string_view owner);
  static AddressUse changed(AddressUse use, Changes::const_iterator from,
                            Changes::const_iterator to);
  static std::shared_ptr<const CatalogTable::AddressShard> merged(
      const CatalogTable::AddressShard& old, Changes::const_iterator from,
      Changes::const_iterator to);

  Changes changes_;
};

}  // namespace cache
