// The names and the texts in a DNS reply's ANSWER, as values.
//
// Pure.
#pragma once

#include <string>
#include <vector>

#include "dnsd/dns/name.h"
#include "dnsd/dns/wire.h"

namespace signpost::tool {

/// The string lists of the TXT records, whatever bytes they hold.
std::vector<std::vector<std::string>> texts_in(dns::WireView reply);
/// Where the PTR records point.
std::vector<dns::Name> pointers_in(dns::WireView reply);

}  // namespace signpost::tool
