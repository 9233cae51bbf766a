// Configuration text to `Config`, or all that is wrong with it. Pure: text in,
// values out; the file is read by conf/load.h.
#pragma once

#include <string>
#include <vector>

#include "conf/command_line.h"
#include "conf/config.h"
#include "conf/environment.h"
#include "conf/problems.h"
#include "dnsd/dns/result.h"

namespace conf {

struct Loaded {
  Config config;
  std::vector<std::string> warnings;  // a line each, with its place
  std::string file;                   // the file it came from; empty: none
};

/// Where settings come from, the later ones going before the earlier.
struct Sources {
  File file;
  Environment environment;
  CommandLine command_line;
  unsigned cores = 1;  // what `workers = "auto"` stands for
};

/// An error is one message of several lines, as `--check` prints it.
dns::Result<Loaded> parse(const Sources& sources);

}  // namespace conf
