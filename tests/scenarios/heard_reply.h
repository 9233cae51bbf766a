// Whether a reply is what a client should hear. Pure.
#pragma once

#include <string>

#include "tests/scenarios/scenario.h"

namespace scenario {

/// What every reply to `query` must have: ID, flags and question echoed, an OPT
/// if and only if there was one. What is wrong, or "".
std::string wrong_for_any(dns::WireView reply, dns::WireView query);

/// What differs from the step's own words, or "".
std::string difference(dns::WireView reply, const ClientHears& expected);

/// The reply as a few lines of text.
std::string to_text(dns::WireView reply);

}  // namespace scenario
