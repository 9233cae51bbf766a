// TOML text to settings: the keys are known, their values not yet looked at.
// The only code of this folder that knows toml++.
#pragma once

#include "conf/problems.h"
#include "conf/settings.h"

namespace conf {

/// Adds what `file` sets to `settings`. Tells `problems` of every section and
/// key that nobody knows; of TOML that cannot be read, only the first place,
/// and then returns false: what follows it is not known.
bool read_toml(const File& file, Settings& settings, Problems& problems);

}  // namespace conf
