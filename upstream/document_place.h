// Where in a document something stands, and sentences that say so. Pure; any
// thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "dnsd/dns/result.h"

namespace upstream {

/// From 1; 0: not known.
struct Place {
  std::size_t line = 0;
  std::size_t column = 0;
};

/// The place of the byte `at` (at most text.size()); columns count bytes.
Place place_of(std::string_view text, std::size_t at);

/// `FILE:LINE:COLUMN: sentence`, without what is not known.
dns::Error error_at(const std::string& file, Place place, const std::string& sentence);

/// `, in instance 2 of service 'time'`, to follow a sentence. Parts that are
/// not known are left out: `instance` 0, an empty `service`.
std::string in_instance(std::size_t instance, std::string_view service);

}  // namespace upstream
