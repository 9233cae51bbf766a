#include "upstream/relay_record.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <optional>

#include "upstream/ldns_library.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMostData = 65535;

std::optional<std::uint8_t> digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  return std::nullopt;
}

std::optional<Bytes> bytes_from(const std::string& hex) {
  if (hex.size() % 2 != 0 || hex.size() > 2 * kMostData) return std::nullopt;
  Bytes bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const auto high = digit(hex[i]), low = digit(hex[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(*high << 4 | *low));
  }
  return bytes;
}

/// Questions and messages alone have these types (RFC 6895, 3.1).
bool is_of_data(dns::Type type) {
  const auto number = static_cast<std::uint16_t>(type);
  return number != 0 && type != dns::Type::OPT && (number < 128 || number > 255);
}

/// The record, its owner the root, in wire form.
Bytes wire_of(const cache::Record& record) {
  const auto type = static_cast<std::uint16_t>(record.type);
  Bytes wire{0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0};
  dns::put16(&wire[1], type);
  dns::put16(&wire[9], static_cast<std::uint16_t>(record.rdata.size()));
  wire.insert(wire.end(), record.rdata.begin(), record.rdata.end());
  return wire;
}

struct FreeRecord {
  void operator()(ldns_rr* record) const { ldns().rr_free(record); }
};
struct FreeBytes {
  void operator()(std::uint8_t* bytes) const { std::free(bytes); }
};

/// ldns takes a known type with too few bytes for its fields, and leaves the rest out.
bool has_its_fields(const ldns_rr* record) {
  const ldns_rr_descriptor* form = ldns().rr_descript(ldns().rr_get_type(record));
  const bool is_known = form->_type == ldns().rr_get_type(record);
  return !is_known || ldns().rr_rd_count(record) >= ldns().rr_descriptor_minimum(form);
}

/// Whether ldns, having read it, writes the same bytes again.
bool is_whole(const cache::Record& record) {
  const Bytes wire = wire_of(record);
  ldns_rr* read = nullptr;
  std::size_t at = 0;
  if (ldns().wire2rr(&read, wire.data(), wire.size(), &at, LDNS_SECTION_ANSWER) != LDNS_STATUS_OK)
    return false;
  const std::unique_ptr<ldns_rr, FreeRecord> held(read);
  if (!has_its_fields(read)) return false;
  std::uint8_t* again = nullptr;
  std::size_t size = 0;
  if (ldns().rr2wire(&again, read, LDNS_SECTION_ANSWER, &size) != LDNS_STATUS_OK) return false;
  const std::unique_ptr<std::uint8_t, FreeBytes> bytes(again);
  return at == wire.size() && std::equal(wire.begin(), wire.end(), again, again + size);
}

}  // namespace

dns::Result<cache::Record> relayed_record(const RecordText& text, const dns::Name& zone) {
  cache::Record record;
  const auto owner = dns::Name::from_text(text.name);
  if (!owner.ok() || !dns::is_within(owner.value().view(), zone.view()))
    return dns::Error{"expected a name inside " + zone.to_text() + ", found " +
                      in_quotes(text.name)};
  const auto type = dns::type_from_text(text.type);
  if (!type || !is_of_data(*type))
    return dns::Error{"expected a record's type, found " + in_quotes(text.type)};
  auto data = bytes_from(text.data);
  const bool readable = data.has_value();
  record.owner = owner.value();
  record.type = *type;
  record.ttl = text.ttl;
  if (readable) record.rdata = *std::move(data);
  if (readable && is_whole(record)) return record;
  return dns::Error{"expected the data of " + text.type + " in hexadecimal, found " +
                    in_quotes(text.data)};
}

}  // namespace upstream
