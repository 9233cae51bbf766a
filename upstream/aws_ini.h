// The form of AWS's shared files: sections in brackets, `key = value` in them.
// What is indented belongs to the key above it and is passed over, as are whole lines
// that begin with # or ;.
//
// Pure; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "dnsd/dns/result.h"

namespace upstream {

using IniSection = std::map<std::string, std::string>;  // keys in lower case
using IniSections = std::map<std::string, IniSection>;  // names as they are written

/// A section that comes again goes on; a key that comes again counts. Errors begin with
/// the line's number and quote nothing: there may be a secret on it.
dns::Result<IniSections> read_aws_ini(std::string_view text);

}  // namespace upstream
