// The mass change guard (zone.md, Health): a refresh that takes away most of a
// service, or of the zone, is more often a source that is broken than the truth.
// It is held until it was seen twice more; meanwhile the old set is given, marked.
//
// What counts is how many are left, not which: instances that were replaced by as
// many others are no loss. Watch events and files are somebody's explicit word: they are
// never held for what they say themselves.
//
// Pure. One for each listing source; not safe for concurrent use.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cache/snapshot_format.h"

namespace cache {

class MassChangeGuard {
 public:
  using Known = std::function<SourceKnowledge()>;

  /// More than `max_drop` percent is too much; 100 lets everything pass, and
  /// then nothing is kept for it.
  explicit MassChangeGuard(unsigned max_drop) : max_drop_(max_drop) {}

  /// What is known from before: a restart, a reload.
  void know(const SourceKnowledge& known);
  /// Puts back into `next` what is held, from `known()`, which is what stands now. Returns a
  /// sentence for each thing that is held for the first time.
  std::vector<std::string> admit(CatalogPart& next, const Known& known);
  /// Services changed one by one. Takes from `delta` those that are held and would lose too
  /// much still: what an event says of one instance says nothing of the others that went.
  void admit(CatalogDelta& delta);

  /// What is held at the moment: services, or 1 for the zone as a whole.
  std::size_t held() const { return seen_.size(); }

 private:
  using Sizes = std::map<std::string, std::size_t>;  // instances, by service
  enum class Verdict : std::uint8_t { fine, held, believed };

  bool is_held(const std::string& name, std::size_t after) const;
  /// Of one more sight of `name` (the zone: ""); `too_much`: it would lose too many.
  Verdict judge(const std::string& name, bool too_much);
  bool is_too_much(std::size_t before, std::size_t after) const;
  bool first_time(const std::string& name) const { return seen_.at(name) == 1; }
  std::vector<std::string> hold_zone(CatalogPart& next, const std::string& why,
                                     const SourceKnowledge& stands);
  std::vector<std::string> hold_services(CatalogPart& next, Sizes& sizes, const Known& known);

  bool is_off() const { return max_drop_ >= 100; }

  unsigned max_drop_;
  Sizes sizes_;  // of what stands
  std::size_t records_ = 0;
  std::map<std::string, unsigned> seen_;  // how often each drop was
};

}  // namespace cache
