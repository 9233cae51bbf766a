// What the sources at work share: where what they say goes.
//
// Control thread only.
#pragma once

#include <functional>

#include "cache/catalog.h"
#include "dnsd/control/figures.h"
#include "dnsd/source_maker.h"

namespace signpost {

/// All of it must outlive the sources.
struct SourceHome {
  SourceTools tools;
  cache::Catalog& catalog;
  std::function<void()> publish;  // a new table, of what the catalog knows by now

  dns::Time now() const { return tools.loop.now(); }
  dns::Milliseconds age(dns::Time since) const {
    return std::chrono::duration_cast<dns::Milliseconds>(now() - since);
  }
  /// What the catalog itself knows of a source.
  SourceReport report_of(cache::SourceId id) const {
    SourceReport report;
    report.name = catalog.info(id).name;
    report.names = catalog.names(id);
    return report;
  }
};

}  // namespace signpost
