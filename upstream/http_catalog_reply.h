// What an HTTP catalog's reply says about a service: status and body to the
// outcome of one look-up.
//
//   404                            there is no such service
//   200 and a body of the dialect  the service, with the reply's ttl
//   anything else                  no word: what is known stays
//
// A 200 is believed only when the body has every field in the right kind: these
// catalogs answer 200 with `errorMessage` when their code fails.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string_view>

#include "conf/config.h"
#include "upstream/catalog_source.h"

namespace upstream {

// The `service` dialect has no ttl; as long as a zone answer lives by default.
constexpr std::uint32_t kServiceDialectTtl = 5;
// A day: a catalog that means longer is asked once a day all the same.
constexpr std::uint32_t kMaxLookupTtl = 86'400;

/// `body` is the whole body, whatever its kind. REQUIRES: a reply came, so an
/// `Unavailable` is always `connected`; its sentence quotes the status and
/// what the body says.
LookupOutcome read_http_catalog_reply(int status, std::string_view body,
                                      conf::Catalog::Dialect dialect, const LookupKey& key);

}  // namespace upstream
