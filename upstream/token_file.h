// Tokens that prove who we are to the places that hand out keys. Never quoted.
//
// Control thread only: reads a file.
#pragma once

#include <string>

#include "dnsd/dns/result.h"

namespace upstream {

/// `text` without blanks at its end: what a header can carry. Error: it has more lines, with
/// `source` as the place.
dns::Result<std::string> one_line(std::string text, const std::string& source);

/// The one line of the file at `path`, which `variable` named. Error: it cannot be read,
/// has nothing or more lines.
dns::Result<std::string> read_token_file(const std::string& path, const std::string& variable);

}  // namespace upstream
