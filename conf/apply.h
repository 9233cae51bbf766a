// Settings to `Config`: every value read within its bounds, and then what no
// single value shows: a catalog without its address, two of one name. Pure.
#pragma once

#include <string>
#include <vector>

#include "conf/config.h"
#include "conf/problems.h"
#include "conf/settings.h"

namespace conf {

/// What values lean on that are not whole by themselves.
struct Surroundings {
  std::string folder;  // relative paths of file and environment start here; empty: as they are
  unsigned cores = 1;  // what `workers = "auto"` stands for
};

/// The defaults with `settings` over them. It is whole only when `problems` is
/// empty afterwards.
Config apply(const Settings& settings, const Surroundings& around, Problems& problems);

/// A sentence for each setting that differs from its default, and is not
/// switched off, while its feature is still to come.
std::vector<std::string> not_yet_in_effect(const Settings& settings, const File& file);

}  // namespace conf
