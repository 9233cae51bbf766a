// How a service's name, version and target are spelled in the DNS.
//
// A service has one canonical name, `time`, whichever of `time`, `_time._tcp`
// and `_time._udp` its catalog uses. Pure.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "dnsd/dns/address.h"
#include "dnsd/dns/name.h"

namespace cache {

/// `_time._tcp` and `Time` are `time`; `_api.web._udp` is `api.web`.
std::string canonical_service(std::string_view name);

/// `name` (presentation text, relative) under `zone`. Nothing when it is no name.
std::optional<dns::Name> name_under(std::string_view name, const dns::Name& zone);

/// The target of an instance known by address: `ip-10-0-1-7.addr.<zone>`,
/// `ip-2001-db8--1.addr.<zone>`. Nothing when the zone's name is too long for it.
std::optional<dns::Name> address_target(const dns::IpAddress& ip, const dns::Name& zone);

/// The address that a label such as `ip-10-0-1-7` means. Nothing: none.
std::optional<dns::IpAddress> address_from_label(std::string_view label);

/// The address that a reverse name (`7.1.0.10.in-addr.arpa.`, `….ip6.arpa.`)
/// means. Nothing: it is not the whole name of one.
std::optional<dns::IpAddress> address_from_reverse(dns::NameView name);

/// An instance's id as one label: at most 63 bytes, lower-case; a longer id is
/// cut and told apart by a hash of all of it. Written into `room`.
std::string_view instance_label(std::string_view id, std::array<char, dns::kMaxLabel + 1>& room);

}  // namespace cache
