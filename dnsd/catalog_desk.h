// Where a worker asks for names that an asking source must say.
#pragma once

#include <functional>
#include <string>

namespace signpost {

/// A name of an asking source; `version` is empty for its default one.
struct CatalogName {
  std::string service;
  std::string version;

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads what it stands for
  friend auto operator<=>(const CatalogName&, const CatalogName&) = default;
};

class CatalogDesk {
 public:
  virtual ~CatalogDesk() = default;
  /// Asks the sources. `done` is called exactly once, on this worker's thread,
  /// when the table that it can see has what came of it.
  virtual void consult(const CatalogName& name, std::function<void()> done) = 0;
  /// Asks them behind an answer; they know best whether it is needed.
  virtual void refresh(const CatalogName& name) = 0;
};

}  // namespace signpost
