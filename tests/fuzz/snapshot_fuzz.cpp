// State files: the whole of one, and what stands behind the checksum. What was
// read is written again and must read the same.
#include <cstdlib>

#include "cache/snapshot_format.h"

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Rewriting whole;
  if (!cache::read_snapshot(bytes, kClocks, whole).ok() && whole.parts > 0) std::abort();
  Rewriting body;
  if (!cache::read_snapshot_body(bytes, kClocks, body).ok()) return 0;
  const std::string written = body.writer.finish();
  Rewriting again;
  if (!cache::read_snapshot(written, kClocks, again).ok()) std::abort();
  if (again.parts != body.parts || again.writer.finish() != written) std::abort();
  return 0;
}
