// A table of the catalog: one row for each version of each service.
//
// Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnsd/dns/result.h"
#include "dnsd/dns/wire.h"
#include "dnsd/signpost/said.h"

namespace signpost::tool {

struct ServiceRow {
  std::string service;
  std::string version;  // empty: none
  unsigned instances = 0;
  unsigned healthy = 0;                 // not out, as the daemon sees it, and not draining
  std::optional<std::uint64_t> weight;  // of the healthy ones together; nothing: not known
};

/// From the document of `/v1/services` (dnsd/control/services_document.h). The error says
/// that it is none.
dns::Result<std::vector<ServiceRow>> service_rows(std::string_view document);

/// From a service's TXT records, without weights, which its SRV records have.
std::vector<ServiceRow> service_rows(const std::string& service, dns::WireView texts);
/// All weights of the SRV records in ANSWER.
std::uint64_t weight_in(dns::WireView reply);

/// The rows, sorted.
Said services_answer(std::vector<ServiceRow> rows);

}  // namespace signpost::tool
