// What would be answered to a question, and why, as JSON:
//
//   {"question":{"name":"time.servicediscovery.internal.","type":"SRV"},
//    "from":"this daemon","rcode":"NOERROR","authoritative":true,
//    "answer":["time.servicediscovery.internal. 5 IN SRV 1 300 8081 ip-10-0-1-7.addr..."],
//    "authority":[],"additional":["..."],
//    "extended_errors":[{"code":3,"name":"Stale Answer","text":"file:a.toml: 12 s old"}],
//    "fail_open":false,
//    "service":{"name":"time","version":"1.0","held":"...","instances":[
//      {"id":"time-1","version":"1.0","host":"10.0.1.7","port":8081,"in":true,"priority":1,
//       "catalog_weight":300,"weight":300,"health":"healthy","factor":1.0,"since":12,
//       "why":"catalog says healthy","source":"file:a.toml","age":12,"stale":"..."}]}}
//
// `from` is `this daemon`, `answer cache` or `upstream`; with the last there are no rcode
// and no records, since somebody upstream must say. `service` is there where the
// name is a service, one of its versions or instances; `version` where the name has one;
// an instance without version, host or port has no such key, one that is out no `weight`;
// `held` and `stale` are there when there is something to say. Times are in seconds.
//
// Pure; any thread.
#pragma once

#include <string>

#include "cache/catalog_table.h"
#include "dnsd/dns/question.h"
#include "dnsd/dns/time.h"
#include "dnsd/dns/wire.h"

namespace signpost {

/// What answering makes of a question now.
struct Explained {
  dns::Question question;
  cache::CatalogSnapshot table;  // that the answer is of
  dns::Name zone;
  dns::Time now;
  dns::Wire reply;  // whole, as a client with EDNS hears it over TCP; empty: upstream must say
};

std::string explain_document(const Explained& explained);

}  // namespace signpost
