#include "dnsd/source_maker.h"

#include "dnsd/net/kernel_random.h"
#include "upstream/etcd_source.h"
#include "upstream/file_source.h"
#include "upstream/ldns_library.h"
#include "upstream/route53_source.h"
#include "upstream/signpost_source.h"

namespace signpost {

using Type = conf::Catalog::Type;

bool is_listing(Type type) {
  return type == Type::etcd || type == Type::file || type == Type::route53 ||
         type == Type::signpost;
}

std::unique_ptr<upstream::ListingSource> make_listing_source(const SourceTools& tools,
                                                             const conf::Catalog& catalog,
                                                             upstream::CatalogSink& sink) {
  const conf::Zone& zone = tools.config.zone;
  const auto ttl = static_cast<std::uint32_t>(zone.ttl.count());
  // Where the library is missing, that is said at the start.
  if (catalog.type == Type::route53 || catalog.type == Type::signpost) upstream::ldns();
  switch (catalog.type) {
    case Type::etcd:
      return std::make_unique<upstream::EtcdSource>(catalog, zone.name, tools.http(), tools.loop,
                                                    dns::Random(net::KernelRandom().next64()),
                                                    sink);
    case Type::route53: {
      upstream::AwsAccess& aws = tools.aws();
      return std::make_unique<upstream::Route53Source>(
          catalog, zone.name, upstream::route53_endpoint(catalog, aws.environment),
          upstream::Route53Tools{aws.api, aws.route53_budget, tools.resolver, tools.loop},
          dns::Random(net::KernelRandom().next64()), sink);
    }
    case Type::signpost:
      return std::make_unique<upstream::SignpostSource>(
          upstream::SignpostSource::Place{catalog.url, zone.name, tools.daemon_id}, tools.http(),
          tools.loop, dns::Random(net::KernelRandom().next64()), sink);
    case Type::file:
    default:
      return std::make_unique<upstream::FileSource>(
          tools.loop, upstream::DocumentContext{catalog.path, zone.name, ttl}, sink);
  }
}

}  // namespace signpost
