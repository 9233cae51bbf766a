// Text of a duration, a size, an upstream server, a versioned service: to a
// value, or a sentence that says what was expected. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "conf/config.h"
#include "dnsd/dns/result.h"

namespace conf {

/// `10s`, `1.8s`, `500ms`, `5m`, `2h`, `1d`; `0` and `off` are no time at all.
dns::Result<Milliseconds> duration_from_text(std::string_view text);
/// The shortest such text: `1800ms`, `10s`, `1d`.
std::string to_text(Milliseconds duration);

/// `64KiB`, `32MiB`, `1GiB`, or bytes: `33554432`.
dns::Result<std::uint64_t> size_from_text(std::string_view text);
std::string size_to_text(std::uint64_t bytes);

/// `10.0.0.2`, `10.0.0.2:5353`, `[2001:db8::1]:53`, `tcp://10.0.0.2`,
/// `tls://1.1.1.1#cloudflare-dns.com`.
dns::Result<Upstream> upstream_from_text(std::string_view text);

/// `helloworld/1.0` to its name and version; without a slash there is no version.
dns::Result<std::pair<std::string, std::string>> service_from_text(std::string_view text);

}  // namespace conf
