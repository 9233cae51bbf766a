// Records as ldns reads them out of presentation text: what the two sources
// that hold such text, zone files and Route 53, take from one.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cache/instance.h"
#include "dnsd/dns/codes.h"
#include "dnsd/dns/name.h"
#include "dnsd/dns/result.h"

struct ldns_struct_rr;

namespace upstream {

struct FreeRecord {
  void operator()(ldns_struct_rr* record) const;
};
using RecordPtr = std::unique_ptr<ldns_struct_rr, FreeRecord>;

/// Reads `value`, the RDATA of one record of `type` as text on one line. Names
/// in it are absolute, with or without the last dot. The error says what was
/// expected and quotes what was found.
dns::Result<RecordPtr> read_record(dns::Type type, std::string_view value);

dns::Type type_of(const ldns_struct_rr* record);
/// The type of that name, of those that records have: `A`, `CAA`, `TYPE65280`.
std::optional<dns::Type> data_type_named(const std::string& name);

/// Whether records have this type, and `record` all fields of it. Else says
/// what was expected.
dns::Result<dns::Done> check_record(const ldns_struct_rr* record);

/// Uncompressed wire.
std::vector<std::uint8_t> rdata_of(const ldns_struct_rr* record);

/// An SRV record's four fields; the host is empty for the target `.`, which
/// says that there is no such service (RFC 2782). REQUIRES: it is one, and checked.
cache::Instance srv_instance_of(const ldns_struct_rr* record);

/// A CNAME's target as the text spells it, without the last dot.
std::string first_name_of(const ldns_struct_rr* record);

/// The owner as a service's name, relative to the zone; empty where it can be
/// none: the zone's apex and wildcards.
std::string service_name(dns::NameView owner, const dns::Name& zone);

}  // namespace upstream
