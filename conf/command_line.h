// The words after `signpostd`, and what they set. Values are text still: a bad
// one is found with the rest of the configuration, and is named by its flag.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "conf/problems.h"
#include "conf/settings.h"
#include "dnsd/dns/result.h"

namespace conf {

struct CommandLine {
  std::string config_file;           // empty: kUsualFile, if it is there
  bool check = false;                // only say what is wrong with the configuration
  std::optional<std::string> print;  // --help, --version: print this and exit with 0

  std::vector<std::string> listen;     // these three, when not empty, stand in
  std::vector<std::string> upstreams;  // place of the lists of file and
  std::vector<std::string> catalogs;   // environment
  std::optional<std::string> control;
  std::optional<std::string> log_level;
  std::optional<std::string> log_format;
};

constexpr const char* kUsualFile = "/etc/signpost/signpost.toml";

/// An error names the word that was not understood.
dns::Result<CommandLine> parse_command_line(int argc, const char* const* argv);

/// Adds what the command line sets to `settings`.
void read_command_line(const CommandLine& line, Settings& settings, Problems& problems);

}  // namespace conf
