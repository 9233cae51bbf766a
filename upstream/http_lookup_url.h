// The URL at which an HTTP catalog tells of one service.
//
//   catalog   {url}/catalog/{name}/{version}
//   service   {url}/service?service_id={name}
//
// The DNS folds letters and these catalogs do not: a service that is configured
// is asked for by its configured spelling, any other in lower case.
//
// Pure; any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conf/config.h"
#include "upstream/catalog_source.h"

namespace upstream {

/// The configured services as they are looked up: canonical names (`time` for
/// `_Time._tcp`), lower-case versions, the default version where none is given.
std::vector<LookupKey> configured_keys(const conf::Catalog& catalog);

/// Nothing: the name is not one to send. The catalog of the blog series pastes it
/// into JSON as it is, so a name from the DNS may have letters, digits, `.`, `_`
/// and `-` alone; a configured one is percent-encoded.
std::optional<std::string> http_lookup_url(const conf::Catalog& catalog, const LookupKey& key);

/// `text` with everything but letters, digits, `.`, `_` and `-` as %XX.
std::string percent_encode(std::string_view text);

}  // namespace upstream
