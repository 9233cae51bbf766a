// Which name somebody means who writes it short: `time`, `1.0.helloworld`,
// `time.servicediscovery.internal`, `web.example.`
//
// Pure.
#pragma once

#include <string_view>

#include "dnsd/dns/name.h"

namespace cache {

/// Absolute with a last dot, or where it lies in `zone` as it stands; else it is
/// relative to `zone`. The error says why it is no name.
dns::Result<dns::Name> question_name(std::string_view text, const dns::Name& zone);

}  // namespace cache
