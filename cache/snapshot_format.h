// The state file: what the sources said and what upstream answered, as bytes
// and back, so that a restart knows what the last run knew.
//
// Pure: bytes in, bytes out; dnsd/state_file reads and writes them. A file is a
// first line with the format's number, the length and the checksum of the rest,
// and the rest. Times are wall-clock times there, and the loop's here.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cache/asked_state.h"
#include "cache/instance.h"
#include "dnsd/dns/result.h"
#include "dnsd/dns/time.h"
#include "dnsd/dns/wire.h"

namespace cache {

/// One moment by both clocks.
struct BothClocks {
  dns::Time now;
  std::int64_t unix_ms = 0;

  std::int64_t to_unix(dns::Time when) const;
  dns::Time from_unix(std::int64_t when) const;
};

/// All that one source said.
struct SourceKnowledge {
  struct Name {
    std::string service;
    std::string version;
    AskedState state;
  };
  std::string identity;  // zone, type and place: another source's word is not taken for its own
  bool loaded = false;   // a listing source has published
  dns::Time loaded_at;
  std::vector<std::shared_ptr<const Service>> services;  // of a listing source
  std::vector<Record> records;
  std::vector<Name> names;  // that an asking source was asked for
};

/// All that one source said, as it stands in a snapshot: its services and records are made when
/// they are wanted, which takes several times as long as finding them.
struct KeptSource {
  std::string identity;
  bool loaded = false;
  dns::Time loaded_at;
  std::vector<std::string_view> services;  // for read_service(); into the snapshot's bytes
  std::vector<std::string_view> records;   // for read_record(); likewise
  std::vector<SourceKnowledge::Name> names;
};

/// The name alone of a service of a KeptSource.
std::string_view read_service_name(std::string_view kept);
Service read_service(std::string_view kept);
Record read_record(std::string_view kept);

/// An answer in stored form (cacheable.h).
struct HeardAnswer {
  dns::WireView wire;
  bool dnssec_ok = false;
  bool checking_disabled = false;
  dns::Time heard;
};

class SnapshotWriter {
 public:
  explicit SnapshotWriter(const BothClocks& clocks);
  ~SnapshotWriter();

  void add(const SourceKnowledge& source);
  void add(const HeardAnswer& answer);
  /// The whole file. The writer is spent.
  std::string finish();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

class SnapshotSink {
 public:
  virtual ~SnapshotSink() = default;
  virtual void source(KeptSource source) = 0;
  /// Its wire is valid during the call, and may be anything but too short for a header.
  virtual void answer(const HeardAnswer& answer) = 0;
};

/// Hands what is in `file` to `sink`. Error: it is of another format or damaged; then
/// the sink has heard nothing, unless the damage was made to fit its checksum.
dns::Result<dns::Done> read_snapshot(std::string_view file, const BothClocks& clocks,
                                     SnapshotSink& sink);

/// What stands behind the first line and the checksum; for read_snapshot and its fuzzer.
dns::Result<dns::Done> read_snapshot_body(std::string_view body, const BothClocks& clocks,
                                          SnapshotSink& sink);

}  // namespace cache
