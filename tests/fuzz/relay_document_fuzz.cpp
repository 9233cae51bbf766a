// Documents of relays from anybody, as a source takes them: who told what, and what of it
// is new.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tests/support/documents.h"
#include "upstream/relay_document.h"
#include "upstream/relayed_origins.h"
#include "upstream/relayed_services.h"

namespace {

void check(const cache::CatalogPart& part, const upstream::RelayedOrigins& origins,
           const dns::Name& zone) {
  for (const cache::Record& record : part.records) {
    if (!dns::is_within(record.owner.view(), zone.view())) std::abort();
    if (record.origin == 0 || record.origin >= origins.list().size()) std::abort();
  }
  for (const cache::Service& service : part.services) {
    if (service.name.empty() || service.name.back() == '.') std::abort();
    for (const cache::Instance& instance : service.instances) {
      if (instance.id.empty() || (instance.host.empty() && instance.port != 0)) std::abort();
      if (instance.origin == 0 || instance.origin >= origins.list().size()) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto context = support::document("relay");
  auto document =
      upstream::read_relay_document({reinterpret_cast<const char*>(data), size}, context);
  if (!document.ok()) {
    if (document.error().message.find("relay:") != 0) std::abort();  // an error without its place
    return 0;
  }
  upstream::RelayedOrigins origins("us");
  if (!origins.take(document.value().sources, "relay").ok()) return 0;
  cache::CatalogPart& part = document.value().part;
  upstream::resolve_origins(part, origins);
  check(part, origins, context.zone);
  upstream::RelayedServices services(context.zone);
  services.remember(part);
  const auto nothing = services.take(part.services);
  if (!nothing.services.empty() || !nothing.gone.empty()) std::abort();
  services.take_changes(part.services, document.value().gone);
  if (!services.take_changes(part.services, document.value().gone).services.empty()) std::abort();
  return 0;
}
