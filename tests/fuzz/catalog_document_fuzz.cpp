// Catalog documents from anybody: the first byte chooses the format.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "tests/support/documents.h"

namespace {

const char* file_for(std::uint8_t choice) {
  constexpr const char* kFiles[] = {"f.toml", "f.json", "f.zone", "f"};
  return kFiles[choice % 4];
}

void check(const cache::CatalogPart& part, const dns::Name& zone) {
  for (const cache::Record& record : part.records) {
    if (!dns::is_within(record.owner.view(), zone.view())) std::abort();
  }
  for (const cache::Service& service : part.services) {
    if (service.name.empty() || service.name.back() == '.') std::abort();
    for (const cache::Instance& instance : service.instances) {
      if (instance.id.empty() || instance.host.empty()) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto context = support::document(file_for(data[0]));
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto part = upstream::read_catalog_document(text, context);
  if (part.ok()) {
    check(part.value(), context.zone);
  } else if (part.error().message.find(context.file + ":") != 0) {
    std::abort();  // an error without its place
  }
  return 0;
}
