// A client's query as bytes. Pure.
#pragma once

#include "tests/scenarios/scenario.h"

namespace scenario {

dns::Wire bytes_of(const ClientAsks& asks, std::uint16_t id);

/// How many bytes this client takes.
std::size_t most_bytes(const ClientAsks& asks);

}  // namespace scenario
