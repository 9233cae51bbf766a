// Names and ids as Route 53 spells them. All but `a-z 0-9 - _` comes back as
// three octal digits, `\052` for `*`, where the DNS's own text has decimal ones.
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

#include "dnsd/dns/name.h"
#include "dnsd/dns/result.h"

namespace upstream {

/// `text` with each octal escape made decimal: `\052.dev` becomes `\042.dev`.
/// What is no such escape stays as it is.
std::string decimal_escapes(std::string_view text);

/// A name, absolute with or without the last dot. The error quotes what was found.
dns::Result<dns::Name> route53_name(std::string_view text);

/// `Z1EXAMPLE` for `/hostedzone/Z1EXAMPLE`.
std::string_view without_path(std::string_view id);

/// Whether the `zone` of a configuration is a hosted zone's id, not a name:
/// capitals and digits alone, with or without the path before them.
bool is_hosted_zone_id(std::string_view zone);

}  // namespace upstream
