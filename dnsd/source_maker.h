// The one place where the listing source of a [[catalog]] is made, by its type.
//
// Control thread only.
#pragma once

#include <functional>
#include <memory>

#include "conf/config.h"
#include "dnsd/net/host_resolver.h"
#include "dnsd/net/http_client.h"
#include "dnsd/net/loop.h"
#include "upstream/aws_access.h"
#include "upstream/catalog_source.h"

namespace signpost {

/// What sources work with. All of it must outlive them.
struct SourceTools {
  net::Loop& loop;
  const conf::Config& config;
  std::function<net::HttpClient&()> http;  // made when first needed
  std::function<upstream::AwsAccess&()>
      aws;                // likewise: credentials, and the API that signs with them
  std::string daemon_id;  // ours, among daemons that read each other
  net::HostResolver& resolver;
};

/// Whether a catalog of this type has a listing source.
bool is_listing(conf::Catalog::Type type);

/// REQUIRES: is_listing(catalog.type).
std::unique_ptr<upstream::ListingSource> make_listing_source(const SourceTools& tools,
                                                             const conf::Catalog& catalog,
                                                             upstream::CatalogSink& sink);

}  // namespace signpost
