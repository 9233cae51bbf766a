// Times as AWS writes them, text to seconds. Pure; any thread.
#pragma once

#include <optional>
#include <string>

#include "upstream/sigv4.h"

namespace upstream {

/// `2026-01-02T09:04:05Z`, with a fraction (dropped) or an offset (`+01:00`) if it
/// likes. Nothing: it is not that.
std::optional<WallTime> read_rfc3339(const std::string& text);

/// A `Date` header: `Fri, 02 Jan 2026 09:04:05 GMT`. Nothing: it is not that.
std::optional<WallTime> read_http_date(const std::string& text);

/// `2026-01-02T09:04:05Z`
std::string to_text(WallTime time);

}  // namespace upstream
