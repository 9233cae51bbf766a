// What `signpostd --check` and `signpost check` say of a configuration.
#pragma once

#include "conf/load.h"

namespace conf {

struct Checked {
  int status = 0;    // of the program that was asked: 0, or 1 where the configuration is wrong
  std::string text;  // for standard error, lines; empty: there is nothing to say
};

/// Reads the configuration as `load` does, and says what is wrong with it, or what it warns of.
Checked check(const CommandLine& line, const Environment& environment);

}  // namespace conf
