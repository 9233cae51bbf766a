// What the last run knew, on its way from a snapshot into the catalog: a name that is asked for at
// once, the others some at a time, so that the first answer need not wait for the last service.
//
// A name comes with all that every source kept of it, and with the names that its answer leads to
// (hosts of its instances, aliases). Pure; control thread only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cache/catalog.h"
#include "cache/snapshot_format.h"

namespace cache {

class Restoration {
 public:
  using Kept = std::vector<std::pair<SourceId, const KeptSource*>>;

  /// Finds all names of `kept`, whose services and records are made when their turn comes.
  /// REQUIRES: `catalog` and the snapshot's bytes outlive this; begin_restore() was said of
  /// each source.
  Restoration(Catalog& catalog, const dns::Name& zone, const Kept& kept);

  /// `1.0.helloworld`, relative to the zone and lower-case, and the names above it. True: there
  /// is something of that very name.
  bool restore(std::string_view name);
  /// Instances and records so far.
  std::size_t restored() const { return restored_; }
  /// Restores services of `instances` instances in all, or a little more. False: nothing is left.
  bool restore_some(std::size_t instances);

 private:
  struct Entry {
    std::uint64_t hash = 0;  // of its name, as a service is called
    std::string_view bytes;
    SourceId source = 0;
    bool is_record = false;
    bool taken = false;
  };

  void add(SourceId source, const KeptSource& kept);
  std::uint64_t hash_of(std::string_view name);
  std::string relative(std::string_view name) const;
  bool take_and_above(std::string_view name);
  bool take_all_of(std::string_view name);
  void add_lead(std::string_view host);
  void take_leads();
  void take(Entry& entry);
  void take(SourceId source, Service service);
  void take(SourceId source, Record record);

  Catalog& catalog_;
  dns::Name zone_;
  std::string below_zone_;      // `.servicediscovery.internal`
  std::string owner_;           // room for hash_of()
  std::vector<Entry> entries_;  // by hash
  std::size_t next_ = 0;        // the first that restore_some() has not come to
  std::size_t restored_ = 0;
  std::vector<std::string> leads_;  // names that what was taken leads to
};

}  // namespace cache
