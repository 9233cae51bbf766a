// The record sets of a hosted zone as a part of the catalog.
//
//   SRV            instances of the service of that name, one a value: priority and port as
//                  they stand, the weight times that of the set
//   A, AAAA        instances without a port, where there is something to choose: two
//                  values of a family or more, or an alias to a host outside. A name with
//                  one value keeps its records (the ECS agent's hosts are such), and so does
//                  a name that an SRV value of the zone has as its target: it is a
//                  host, whose addresses stand beside its SRV records
//   CNAME          instances whose hosts are the targets, where several sets could
//                  answer: a name has one CNAME (RFC 2181, 10.1); else the record
//   anything else  records: the values of all sets that answer, as one set
//
// At the apex and at wildcards all are records. The hosted zone's own SOA and NS
// are left out, and so is what is not inside our zone. Sets that wait, by their
// policy, for others to fail are instances that drain: seen in TXT, never given.
//
// Pure; any thread.
#pragma once

#include <string>
#include <vector>

#include "cache/instance.h"
#include "upstream/route53_values.h"

namespace upstream {

struct Route53Part {
  cache::CatalogPart part;
  std::vector<std::string>
      left_out;            // values that make no sense, and chains of aliases; a sentence each
  std::size_t inside = 0;  // sets that are inside our zone
};

/// `zone` is ours, which answers have.
Route53Part read_route53_sets(const Route53Sets& sets, const Route53Known& known,
                              const dns::Name& zone);

}  // namespace upstream
