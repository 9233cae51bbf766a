// A record as relays hand it on, made sure of. Pure; any thread.
#pragma once

#include <string>

#include "cache/instance.h"
#include "dnsd/dns/result.h"

namespace upstream {

/// Its fields, as text.
struct RecordText {
  std::string name, type, data;  // `data` is hexadecimal
  std::uint32_t ttl = 0;
};

/// Error: it is outside `zone`, or its data is not what its type has, whole and
/// without compression.
dns::Result<cache::Record> relayed_record(const RecordText& text, const dns::Name& zone);

}  // namespace upstream
