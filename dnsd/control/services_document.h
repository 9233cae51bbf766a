// The catalog table as JSON, for people and for the `signpost` sources of other
// daemons (upstream/relay_document.h reads it):
//
//   {"format":1,"zone":"servicediscovery.internal.",
//    "sources":[{"name":"file:a.toml","age":12},
//               {"name":"signpost:http://b:5380 > etcd:c","via":["4f..."],"age":3,"stale":"..."},
//               {"name":"route53:Z1","loaded":false}],
//    "services":[{"name":"time","ttl":5,"instances":[{"id":"time-1","version":"1.0","host":"10.0.1.7",
//      "port":8081,"priority":1,"weight":100,"status":"healthy","url":"...","attributes":{"rack":"b7"},
//      "source":0}]}],
//    "records":[{"name":"web.servicediscovery.internal.","type":"A","ttl":5,"data":"0A000107","source":0}]}
//
// What a source of ours heard from another daemon stands under that daemon's own source,
// `via` the ids of all that handed it on: who finds its own id there leaves it out, so
// that two daemons that read each other keep nothing alive. A service with
// `"held":"why","held_by":0` is not yet what that source said last
// (cache/mass_change_guard.h). An instance whose health, as we see it, is not `up` says so:
// `"health":"out"` (cache/health.h); readers of the catalog see for themselves. Services and
// records are in the order of their names, so that one content is one text; its tag is of
// what is told, in whichever order.
//
// What has changed of it is told with the same head, the services that are others in whole, and
// the names of those that are no more; records are not told that way:
//
//   {"format":1,"zone":...,"sources":[...],"services":[...],"gone":["time"]}
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cache/catalog_table.h"
#include "dnsd/control/services_tag.h"
#include "upstream/catalog_source.h"

namespace signpost {

// A reader takes no other. It grows when an older reader would misread the document.
constexpr unsigned kServicesFormat = 1;

struct ServicesDocument {
  std::string text;
  std::string tag;  // of the content; ages do not move it
  ContentPrint print;
};

/// A service by its place in the table.
struct ServiceAt {
  std::string owner;  // wire form
  std::string name;   // as its source spells it
};

/// What the document is made of. All of it must outlive the call.
struct DocumentContent {
  const cache::CatalogTable& table;
  dns::NameView zone;
  dns::Time now;
  /// As ListingSource::origins() of that source.
  std::function<const std::vector<upstream::Origin>*(cache::SourceId)> origins_of;
};

/// Everything.
ServicesDocument services_document(const DocumentContent& content);
/// One service, with the records that stand at its name.
ServicesDocument service_document(const DocumentContent& content, const cache::Node& node);
/// Of these services what they are now, to who knows everything else.
std::string changes_document(const DocumentContent& content, const std::vector<ServiceAt>& changed);

}  // namespace signpost
