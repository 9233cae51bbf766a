// Writes the query that goes to a server.
//
// Pure; allocates nothing.
#pragma once

#include <array>

#include "dnsd/dns/wire.h"
#include "upstream/asker.h"
#include "upstream/letter_case.h"

namespace upstream {

/// DNS Flag Day 2020: the largest UDP answer that rarely fragments (RFC 9715).
constexpr std::uint16_t kUpstreamUdpSize = 1232;

/// Header, one question, OPT.
constexpr std::size_t kQueryMost = dns::kHeaderSize + dns::kMaxName + 4 + 11;
using QueryBytes = std::array<std::uint8_t, kQueryMost>;

/// RD=1, CD as asked; with EDNS an OPT without options and DO as asked; the
/// question's letters in the case of `letters`. Returns the part of `room` that is
/// the message.
dns::WireView write_query(const UpstreamQuery& query, std::uint16_t id, QueryBytes& room,
                          LetterCase letters = {});

}  // namespace upstream
