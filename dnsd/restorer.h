// What the last run knew, on its way back into the catalog while clients ask already: a slice at
// a time on the control thread's loop, and between slices the names that are asked for.
//
// Control thread only.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "cache/restoration.h"
#include "dnsd/catalog_desk.h"
#include "dnsd/source_home.h"
#include "dnsd/state_file.h"

namespace signpost {

class Restorer {
 public:
  using Told = std::function<void()>;
  /// Hears once that all is in the catalog, and who waits for that. It may destroy the restorer.
  using Done = std::function<void(std::vector<Told> waiting)>;

  /// `kept` are of `state`.
  Restorer(SourceHome& home, KeptState state, const cache::Restoration::Kept& kept, Done done);
  ~Restorer() { home_.tools.loop.cancel(next_slice_); }
  Restorer(const Restorer&) = delete;
  Restorer& operator=(const Restorer&) = delete;

  /// Restores a slice, which is all of most catalogs; the others follow on the loop.
  void restore_slice();
  /// Restores a name that is asked for. True: the table that is published says what it is.
  bool restore(const CatalogName& name);
  /// `told` is among those that are handed to `done`.
  void wait(Told told) { waiting_.push_back(std::move(told)); }
  /// Restores what is left, at once.
  void finish();

 private:
  bool is_part(const std::string& name) const;

  SourceHome& home_;
  KeptState state_;
  cache::Restoration restoration_;
  Done done_;
  std::vector<Told> waiting_;
  std::size_t published_ = 0;  // of what was restored
  net::TimerId next_slice_ = 0;
};

}  // namespace signpost
