// What is known of one name of an asking source (architecture: Catalog).
// A plain value: upstream/asking_catalog makes it, the catalog table serves it.
#pragma once

#include <optional>
#include <string>

#include "cache/instance.h"
#include "dnsd/dns/time.h"

namespace cache {

struct AskedState {
  std::optional<Service> service;  // last good one; nothing: never heard, or `absent`
  bool absent = false;             // the catalog says there is none, until `fresh_until`
  dns::Time fetched;               // when the catalog last said so
  dns::Time fresh_until;           // `fetched` and the catalog's ttl (absent: the negative TTL)
  dns::Time refresh_at;            // a query from here on asks for a refresh behind the answer
  bool failed = false;             // the last try got no word from the catalog
  bool connected = false;          // it was reached in that try: EDE 22, else 23
  std::string why;                 // of the failure, a sentence
  dns::Time retry_at;              // after a failure: not asked again before
};

}  // namespace cache
