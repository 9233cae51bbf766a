// What catalogs are called, in logs, metrics and `standby_for`.
#pragma once

#include <vector>

#include "conf/config.h"
#include "conf/problems.h"
#include "conf/settings.h"

namespace conf {

/// Names those that have no name by type and place, as the user wrote the
/// place: `file:services.toml`. Two of one name, and a `standby_for` that no
/// other catalog is called, or that one of them cannot do, are problems.
void name_catalogs(const Settings& settings, std::vector<Catalog>& catalogs, Problems& problems);

}  // namespace conf
