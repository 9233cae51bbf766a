#include "upstream/ldns_record.h"

#include <cstdlib>

#include "upstream/ldns_library.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

struct FreeText {
  void operator()(char* text) const { std::free(text); }
};
using TextPtr = std::unique_ptr<char, FreeText>;

struct FreeName {
  void operator()(ldns_rdf* name) const { ldns().rdf_deep_free(name); }
};
using NamePtr = std::unique_ptr<ldns_rdf, FreeName>;

bool is_plain(std::uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

/// The same where no byte needs an escape; else, and for the root, empty. ldns takes ten times as
/// long.
std::string spelled_plainly(const ldns_rdf* field) {
  const auto* bytes = static_cast<const std::uint8_t*>(field->_data);
  std::string out;
  out.reserve(field->_size);
  for (std::size_t left = *bytes++; left > 0; left = *bytes++) {
    if (!out.empty()) out += '.';
    for (; left > 0; --left) {
      if (!is_plain(*bytes)) return {};
      out += static_cast<char>(*bytes++);
    }
  }
  return out;
}

/// A name as the text spells it, without the last dot.
std::string spelled(const ldns_rdf* field) {
  if (std::string plain = spelled_plainly(field); !plain.empty()) return plain;
  const TextPtr text(ldns().rdf2str(field));
  std::string out = text ? text.get() : "";
  if (!out.empty() && out.back() == '.') out.pop_back();
  return out;
}

/// Types that only questions and messages have (RFC 6895, 3.1), and 0.
bool is_no_data(dns::Type type) {
  const auto number = static_cast<std::uint16_t>(type);
  return number == 0 || type == dns::Type::OPT || (number >= 128 && number <= 255);
}

/// ldns takes a known type in RFC 3597's form (`A \# 0`) with too few bytes for
/// its fields, and leaves the rest of them out.
bool has_its_fields(const ldns_rr* record) {
  const std::size_t count = ldns().rr_rd_count(record);
  for (std::size_t i = 0; i < count; ++i) {
    if (ldns().rr_rdf(record, i) == nullptr) return false;
  }
  const ldns_rr_descriptor* form = ldns().rr_descript(ldns().rr_get_type(record));
  const bool is_known = form->_type == ldns().rr_get_type(record);
  return !is_known || count >= ldns().rr_descriptor_minimum(form);
}

dns::Error not_a_value(dns::Type type, std::string_view value, std::string_view why) {
  return dns::Error{"expected a value of type " + dns::to_text(type) + ", found " +
                    in_quotes(value) + ": " + std::string(why)};
}

}  // namespace

using dns::Done;
using dns::Result;

void FreeRecord::operator()(ldns_rr* record) const {
  ldns().rr_free(record);
}

Result<RecordPtr> read_record(dns::Type type, std::string_view value) {
  constexpr std::string_view kBreaksALine("\n\r\0", 3);
  if (value.find_first_of(kBreaksALine) != std::string_view::npos) {
    return not_a_value(type, value, "it is more than one line");
  }
  const NamePtr root(ldns().dname_new_frm_str("."));
  const std::string line = ". 0 IN " + dns::to_text(type) + ' ' + std::string(value);
  ldns_rr* read = nullptr;
  const ldns_status status = ldns().rr_new_frm_str(&read, line.c_str(), 0, root.get(), nullptr);
  RecordPtr record(read);
  if (status != LDNS_STATUS_OK) return not_a_value(type, value, ldns().get_errorstr_by_id(status));
  auto checked = check_record(record.get());
  if (!checked.ok()) return not_a_value(type, value, checked.error().message);
  return record;
}

dns::Type type_of(const ldns_rr* record) {
  return static_cast<dns::Type>(ldns().rr_get_type(record));
}

std::optional<dns::Type> data_type_named(const std::string& name) {
  const auto type = static_cast<dns::Type>(ldns().get_rr_type_by_name(name.c_str()));
  return is_no_data(type) ? std::nullopt : std::optional(type);
}

Result<Done> check_record(const ldns_rr* record) {
  const dns::Type type = type_of(record);
  if (is_no_data(type)) {
    return dns::Error{"expected a type that records have, found " + dns::to_text(type)};
  }
  if (!has_its_fields(record)) {
    return dns::Error{"expected all fields of " + dns::to_text(type) + ", found fewer"};
  }
  return Done{};
}

std::vector<std::uint8_t> rdata_of(const ldns_rr* record) {
  std::vector<std::uint8_t> out;
  for (std::size_t i = 0; i < ldns().rr_rd_count(record); ++i) {
    const ldns_rdf* field = ldns().rr_rdf(record, i);
    out.insert(out.end(), ldns().rdf_data(field), ldns().rdf_data(field) + ldns().rdf_size(field));
  }
  return out;
}

cache::Instance srv_instance_of(const ldns_rr* record) {
  cache::Instance instance;
  instance.priority = ldns().rdf2native_int16(ldns().rr_rdf(record, 0));
  instance.weight = ldns().rdf2native_int16(ldns().rr_rdf(record, 1));
  instance.port = ldns().rdf2native_int16(ldns().rr_rdf(record, 2));
  instance.host = spelled(ldns().rr_rdf(record, 3));
  return instance;
}

std::string first_name_of(const ldns_rr* record) {
  return spelled(ldns().rr_rdf(record, 0));
}

std::string service_name(dns::NameView owner, const dns::Name& zone) {
  if (owner == zone.view() || dns::first_label(owner) == "*") return {};
  std::string text = dns::to_text(owner);
  text.resize(text.size() - (zone.is_root() ? 1 : zone.to_text().size() + 1));
  return text;
}

}  // namespace upstream
