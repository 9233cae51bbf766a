// The configuration as the process finds it: its one file, the environment and
// the command line. The only I/O of this folder. At start, and again on SIGHUP.
#pragma once

#include "conf/parser.h"

namespace conf {

/// Reads the file that `line` names, or the usual one if it is there, and
/// parses all. Nothing of the process changes; an error is ready to be printed.
dns::Result<Loaded> load(const CommandLine& line, const Environment& environment);

}  // namespace conf
