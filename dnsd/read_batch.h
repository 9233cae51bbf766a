// The queries of one batch, read together: **parse** for all of them before **decide** for the
// first, so that the memory that their answers need is on its way for all at once.
//
// Pure: reads table and cache, and changes neither. Not thread-safe: belongs to one worker.
#pragma once

#include <array>
#include <span>

#include "dnsd/decide.h"

namespace signpost {

class ReadBatch {
 public:
  static constexpr std::size_t kMost = 64;

  /// REQUIRES: at most kMost packets, which outlive what is asked of this.
  void read(std::span<const dns::WireView> packets, dns::NameView zone,
            const cache::CatalogTable& table, const cache::AnswerCache& answers);

  const ReadQuery& operator[](std::size_t place) const { return queries_[place]; }

 private:
  /// What a query will be looked up under.
  struct LookedUp {
    std::uint64_t name_hash;
    std::uint64_t hash;  // in the answer cache
    bool in_zone;
  };

  static LookedUp looked_up(const ReadQuery& read, dns::NameView zone);

  std::array<ReadQuery, kMost> queries_;
  std::array<LookedUp, kMost> looked_up_;
};

}  // namespace signpost
