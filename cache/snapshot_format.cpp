#include "cache/snapshot_format.h"

#include <algorithm>
#include <array>

#include "cache/byte_codec.h"
#include "dnsd/dns/siphash.h"

namespace cache {
namespace {

// The number changes with the format: a file of another one is refused.
constexpr std::string_view kFirstLine = "signpost state 1\n";
constexpr std::size_t kHead = kFirstLine.size() + 8 + 8;  // and the body's size and checksum
// Against damage, not against forgery: whoever can write the file can do worse.
constexpr dns::SipKey kChecksumKey{'s', 'i', 'g', 'n', 'p', 'o', 's', 't'};

enum class Part : std::uint8_t { source = 1, answer = 2 };

constexpr std::uint8_t kLastStatus = static_cast<std::uint8_t>(Status::draining);

std::uint64_t checksum(std::string_view body) {
  return dns::siphash24(kChecksumKey,
                        {reinterpret_cast<const std::uint8_t*>(body.data()), body.size()});
}

std::string_view as_text(dns::WireView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

dns::WireView as_wire(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

dns::Error damaged() {
  return dns::Error{"it is damaged: its contents do not match their checksum"};
}

/// Writes values, a function each; `Decoder` reads them in the same order.
class Encoder {
 public:
  Encoder(ByteWriter& out, const BothClocks& clocks) : out_(out), clocks_(clocks) {}

  void source(const SourceKnowledge& source) {
    out_.put_string(source.identity);
    flag(source.loaded);
    time(source.loaded_at);
    each(source.services, [this](const auto& one) { service(*one); });
    each(source.records, [this](const Record& one) { record(one); });
    each(source.names, [this](const SourceKnowledge::Name& one) { name(one); });
  }

  void answer(const HeardAnswer& answer) {
    out_.put_string(as_text(answer.wire));
    flag(answer.dnssec_ok);
    flag(answer.checking_disabled);
    time(answer.heard);
  }

 private:
  void flag(bool value) { out_.put8(value ? 1 : 0); }
  void time(dns::Time when) { out_.put64(static_cast<std::uint64_t>(clocks_.to_unix(when))); }
  template <typename List, typename Put>
  void each(const List& list, Put put) {
    out_.put32(static_cast<std::uint32_t>(list.size()));
    for (const auto& one : list) put(one);
  }

  void service(const Service& service) {
    out_.put_string(service.name);
    flag(service.ttl.has_value());
    out_.put32(service.ttl.value_or(0));
    each(service.instances, [this](const Instance& one) { instance(one); });
  }

  void instance(const Instance& instance) {
    for (const auto* text :
         {&instance.id, &instance.version, &instance.host, &instance.status_text, &instance.url}) {
      out_.put_string(*text);
    }
    out_.put16(instance.port);
    out_.put16(instance.priority);
    out_.put32(instance.weight);
    out_.put8(static_cast<std::uint8_t>(instance.status));
    each(instance.attributes, [this](const auto& attribute) {
      out_.put_string(attribute.first);
      out_.put_string(attribute.second);
    });
  }

  void record(const Record& record) {
    out_.put_string(record.owner.view());
    out_.put16(static_cast<std::uint16_t>(record.type));
    out_.put32(record.ttl);
    out_.put_string(as_text(record.rdata));
  }

  void name(const SourceKnowledge::Name& name) {
    out_.put_string(name.service);
    out_.put_string(name.version);
    flag(name.state.service.has_value());
    if (name.state.service) service(*name.state.service);
    flag(name.state.absent);
    time(name.state.fetched);
    time(name.state.fresh_until);
    time(name.state.refresh_at);
  }

  ByteWriter& out_;
  const BothClocks& clocks_;
};

template <typename Get>
void read_each(ByteReader& in, Get get) {
  for (std::uint32_t left = in.get32(); left > 0 && in.ok(); --left) get();
}

Instance get_instance(ByteReader& in) {
  Instance instance;
  for (auto* text :
       {&instance.id, &instance.version, &instance.host, &instance.status_text, &instance.url}) {
    *text = in.get_string();
  }
  instance.port = in.get16();
  instance.priority = in.get16();
  instance.weight = in.get32();
  instance.status = static_cast<Status>(std::min(in.get8(), kLastStatus));
  read_each(in, [&] {
    std::string key(in.get_string());
    instance.attributes.emplace_back(std::move(key), in.get_string());
  });
  return instance;
}

Service get_service(ByteReader& in) {
  Service service;
  service.name = in.get_string();
  const bool has_ttl = in.get8() != 0;
  const std::uint32_t ttl = in.get32();
  if (has_ttl) service.ttl = ttl;
  read_each(in, [&] { service.instances.push_back(get_instance(in)); });
  return service;
}

class Decoder {
 public:
  Decoder(ByteReader& in, const BothClocks& clocks) : in_(in), clocks_(clocks) {}

  KeptSource source() {
    KeptSource source;
    source.identity = in_.get_string();
    source.loaded = flag();
    source.loaded_at = time();
    each([&] { source.services.push_back(passed([this] { skip_service(); })); });
    each([&] { source.records.push_back(passed([this] { skip_record(); })); });
    each([&] { source.names.push_back(name()); });
    return source;
  }

  HeardAnswer answer() {
    HeardAnswer answer;
    answer.wire = as_wire(in_.get_string());
    answer.dnssec_ok = flag();
    answer.checking_disabled = flag();
    answer.heard = time();
    return answer;
  }

 private:
  bool flag() { return in_.get8() != 0; }
  dns::Time time() { return clocks_.from_unix(static_cast<std::int64_t>(in_.get64())); }
  template <typename Get>
  void each(Get get) {
    read_each(in_, get);
  }
  /// The bytes that `skip` goes over.
  template <typename Skip>
  std::string_view passed(Skip skip) {
    const std::string_view from = in_.left();
    skip();
    return from.substr(0, from.size() - in_.left().size());
  }

  void skip_service() {
    in_.skip_string();
    in_.skip(1 + 4);
    each([this] { skip_instance(); });
  }
  void skip_instance() {
    for (int texts = 5; texts > 0; --texts) in_.skip_string();
    in_.skip(2 + 2 + 4 + 1);
    each([this] {
      in_.skip_string();
      in_.skip_string();
    });
  }
  void skip_record() {
    in_.skip_string();
    in_.skip(2 + 4);
    in_.skip_string();
  }

  SourceKnowledge::Name name() {
    SourceKnowledge::Name name;
    name.service = in_.get_string();
    name.version = in_.get_string();
    if (flag()) name.state.service = get_service(in_);
    name.state.absent = flag();
    name.state.fetched = time();
    name.state.fresh_until = time();
    name.state.refresh_at = time();
    return name;
  }

  ByteReader& in_;
  const BothClocks& clocks_;
};

}  // namespace

std::int64_t BothClocks::to_unix(dns::Time when) const {
  return unix_ms + std::chrono::duration_cast<dns::Milliseconds>(when - now).count();
}

dns::Time BothClocks::from_unix(std::int64_t when) const {
  // Far enough, and no sum of them overflows.
  constexpr std::int64_t kYears = std::int64_t{100} * 365 * 86'400'000;
  const std::int64_t ahead =
      std::clamp(when, -kYears, kYears) - std::clamp(unix_ms, -kYears, kYears);
  return now + dns::Milliseconds(ahead);
}

std::string_view read_service_name(std::string_view kept) {
  return ByteReader(kept).get_string();
}

Service read_service(std::string_view kept) {
  ByteReader in(kept);
  return get_service(in);
}

Record read_record(std::string_view kept) {
  ByteReader in(kept);
  Record record;
  const dns::WireView owner = as_wire(in.get_string());
  const bool is_name = dns::NameReader::plain_end(owner, 0) == owner.size() && !owner.empty();
  if (is_name) record.owner.assign(owner);
  record.type = static_cast<dns::Type>(in.get16());
  record.ttl = in.get32();
  const auto rdata = as_wire(in.get_string());
  record.rdata.assign(rdata.begin(), rdata.end());
  return record;
}

struct SnapshotWriter::Parts {
  explicit Parts(const BothClocks& now) : clocks(now) {
    file.put_bytes(kFirstLine);
    file.put64(0);  // finish() knows the size and the checksum
    file.put64(0);
  }
  BothClocks clocks;
  ByteWriter file;
  Encoder encoder{file, clocks};
};

SnapshotWriter::SnapshotWriter(const BothClocks& clocks) : parts_(new Parts(clocks)) {}
SnapshotWriter::~SnapshotWriter() = default;

void SnapshotWriter::add(const SourceKnowledge& source) {
  parts_->file.put8(static_cast<std::uint8_t>(Part::source));
  parts_->encoder.source(source);
}

void SnapshotWriter::add(const HeardAnswer& answer) {
  parts_->file.put8(static_cast<std::uint8_t>(Part::answer));
  parts_->encoder.answer(answer);
}

std::string SnapshotWriter::finish() {
  const std::string_view body = std::string_view(parts_->file.bytes()).substr(kHead);
  ByteWriter numbers;
  numbers.put64(body.size());
  numbers.put64(checksum(body));
  parts_->file.replace(kFirstLine.size(), numbers.bytes());
  return parts_->file.take();
}

dns::Result<dns::Done> read_snapshot(std::string_view file, const BothClocks& clocks,
                                     SnapshotSink& sink) {
  if (!file.starts_with(kFirstLine)) {
    return dns::Error{"it is no state file of this version of signpostd"};
  }
  ByteReader head(file.substr(kFirstLine.size()));
  const std::uint64_t size = head.get64();
  const std::uint64_t expected = head.get64();
  if (!head.ok()) return damaged();
  const std::string_view body = file.substr(kHead);
  if (body.size() != size || checksum(body) != expected) return damaged();
  return read_snapshot_body(body, clocks, sink);
}

dns::Result<dns::Done> read_snapshot_body(std::string_view body, const BothClocks& clocks,
                                          SnapshotSink& sink) {
  ByteReader in(body);
  Decoder decoder(in, clocks);
  while (!in.at_end()) {
    switch (static_cast<Part>(in.get8())) {
      case Part::source: {
        KeptSource source = decoder.source();
        if (!in.ok()) return damaged();
        sink.source(std::move(source));
        break;
      }
      case Part::answer: {
        const HeardAnswer answer = decoder.answer();
        if (!in.ok() || answer.wire.size() < dns::kHeaderSize) return damaged();
        sink.answer(answer);
        break;
      }
      default:
        return damaged();
    }
  }
  return dns::Done{};
}

}  // namespace cache
