// Settings from the environment: `SIGNPOST_<SECTION>_<KEY>`, and in an array of
// tables `SIGNPOST_CATALOG_0_TYPE`, where the index is that of an entry the file
// has or of the next new one. Lists are comma separated.
#pragma once

#include <string>
#include <vector>

#include "conf/problems.h"
#include "conf/settings.h"

namespace conf {

/// `NAME=value` each, as a process has them.
using Environment = std::vector<std::string>;

/// A process's own (`environ`, ended by a null pointer).
Environment copy_of(const char* const* environment);

/// Adds what the variables set. One that nobody knows is only a warning:
/// Kubernetes makes some for a service called signpost.
void read_environment(const Environment& environment, Settings& settings, Problems& problems,
                      std::vector<std::string>& warnings);

}  // namespace conf
