// Bodies from somebody who is not Route 53, through to the catalog: the first
// byte chooses which answer they are taken for.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "upstream/route53_catalog.h"
#include "upstream/route53_xml.h"

namespace {

const dns::Name kZone = dns::Name::from_text("z.").value();

template <typename Page>
bool is_read(const dns::Result<Page>& page) {
  if (!page.ok() && (page.error().message.empty() || page.error().message.size() > 600)) {
    std::abort();
  }
  return page.ok();
}

void check(const upstream::Route53Part& read) {
  for (const cache::Service& service : read.part.services) {
    for (const cache::Instance& instance : service.instances) {
      if (instance.id.empty() || instance.host.empty()) std::abort();
    }
  }
  for (const cache::Record& record : read.part.records) {
    if (!dns::is_within(record.owner.view(), kZone.view())) std::abort();
  }
}

void read_sets(std::string_view body) {
  auto page = upstream::read_record_sets_page(body);
  if (!is_read(page)) return;
  const upstream::Route53Sets sets(std::move(page.value().sets));
  for (const char* region : {"", "eu-west-1"}) {
    upstream::Route53Known known{"ZONE", region, {{"c1", cache::Status::unhealthy}}, {}};
    check(upstream::read_route53_sets(sets, known, kZone));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      is_read(upstream::read_hosted_zones_page(body));
      break;
    case 1:
      is_read(upstream::read_health_check_status(body));
      is_read(upstream::read_health_checks_page(body));
      break;
    default:
      read_sets(body);
  }
  return 0;
}
