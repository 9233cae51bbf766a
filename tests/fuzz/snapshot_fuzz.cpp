// State files: the whole of one, and what stands behind the checksum. What was
// read is written again and must read the same; and it makes a table.
#include <cstdlib>

#include "cache/restoration.h"

namespace {

constexpr cache::BothClocks kClocks{dns::Time(dns::Seconds(1'000'000)), 1'700'000'000'000};

class Rewriting final : public cache::SnapshotSink {
 public:
  void source(cache::KeptSource kept) override {
    ++parts;
    cache::SourceKnowledge source{kept.identity, kept.loaded, kept.loaded_at, {}, {}, kept.names};
    for (const auto service : kept.services) {
      source.services.push_back(
          std::make_shared<const cache::Service>(cache::read_service(service)));
      if (source.services.back()->name != cache::read_service_name(service)) std::abort();
    }
    for (const auto record : kept.records) source.records.push_back(cache::read_record(record));
    writer.add(source);
  }
  void answer(const cache::HeardAnswer& answer) override {
    ++parts;
    writer.add(answer);
  }
  cache::SnapshotWriter writer{kClocks};
  int parts = 0;
};

class Collecting final : public cache::SnapshotSink {
 public:
  void source(cache::KeptSource kept) override { sources.push_back(std::move(kept)); }
  void answer(const cache::HeardAnswer& /*answer*/) override {}
  std::vector<cache::KeptSource> sources;
};

void restore(std::string_view body) {
  Collecting read;
  if (!cache::read_snapshot_body(body, kClocks, read).ok()) return;
  const conf::Zone zone;
  cache::Catalog catalog(zone);
  cache::Restoration::Kept kept;
  for (const cache::KeptSource& source : read.sources) {
    kept.emplace_back(catalog.add_listing_source("s"), &source);
    catalog.begin_restore(kept.back().first, source.loaded_at);
  }
  cache::Restoration restoration(catalog, zone.name, kept);
  restoration.restore("time");
  catalog.table(kClocks.now);
  while (restoration.restore_some(1)) continue;
  catalog.end_restore();
  if (catalog.table(kClocks.now)->restoring()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Rewriting whole;
  if (!cache::read_snapshot(bytes, kClocks, whole).ok() && whole.parts > 0) std::abort();
  Rewriting body;
  if (!cache::read_snapshot_body(bytes, kClocks, body).ok()) return 0;
  restore(bytes);
  const std::string written = body.writer.finish();
  Rewriting again;
  if (!cache::read_snapshot(written, kClocks, again).ok()) std::abort();
  if (again.parts != body.parts || again.writer.finish() != written) std::abort();
  return 0;
}
