// Catalog documents in zone-file text (RFC 1035, 5), read by ldns. SRV records
// become instances, everything else stands as it is.
#include <stdexcept>
#include <string>
#include <utility>

#include "upstream/catalog_builder.h"
#include "upstream/catalog_document.h"
#include "upstream/document_place.h"
#include "upstream/ldns_library.h"
#include "upstream/ldns_record.h"
#include "upstream/printable.h"
#include "upstream/zone_text_entries.h"
#include "upstream/zone_text_words.h"

namespace upstream {
namespace {

using dns::Done;
using dns::Result;

/// A name field that ldns may replace while it reads.
struct NameField {
  ldns_rdf* held = nullptr;
  NameField() = default;
  NameField(const NameField&) = delete;
  NameField& operator=(const NameField&) = delete;
  ~NameField() { ldns().rdf_deep_free(held); }
  void replace(ldns_rdf* name) { ldns().rdf_deep_free(std::exchange(held, name)); }
};

dns::WireView bytes_of(const ldns_rdf* field) {
  return {ldns().rdf_data(field), ldns().rdf_size(field)};
}

dns::Name name_of(const ldns_rdf* field) {
  dns::Name name;
  dns::NameReader::read(bytes_of(field), 0, name);  // ldns made it: it is a name
  return name;
}

class ZoneReader {
 public:
  explicit ZoneReader(const DocumentContext& context)
      : context_(context), origin_(context.zone), ttl_(context.ttl) {
    set_origin(context.zone);
  }

  Result<cache::CatalogPart> read(std::string_view text) {
    ZoneTextEntries entries(text);
    for (;;) {
      auto more = entries.next(entry_);
      if (!more.ok()) return error(more.error().message);
      if (!more.value()) return builder_.finish();
      auto taken = entry_.text.front() == '$' ? take_directive() : take_record();
      if (!taken.ok()) return taken.error();
    }
  }

 private:
  void set_origin(const dns::Name& name) {
    origin_ = name;
    origin_field_.replace(ldns().dname_new_frm_str(name.to_text().c_str()));
  }

  Result<Done> take_directive() {
    const auto words = words_of(entry_.text);
    if (words.size() == 2 && words[0] == "$TTL") return take_ttl(words[1]);
    if (words.size() == 2 && words[0] == "$ORIGIN") return take_origin(words[1]);
    return error("expected a record, '$TTL time' or '$ORIGIN name', found " +
                 in_quotes(entry_.text) +
                 (words[0] == "$INCLUDE" ? ": other files are not included" : ""));
  }

  Result<Done> take_ttl(std::string_view word) {
    const auto seconds = seconds_from(word);
    if (!seconds)
      return error("expected a time such as 300 or 1h30m after $TTL, found " + in_quotes(word));
    ttl_ = *seconds;
    return Done{};
  }

  Result<Done> take_origin(std::string_view word) {
    std::string text(word);
    const bool absolute = text.back() == '.' && !text.ends_with("\\.");
    if (text == "@")
      text = origin_.to_text();
    else if (!absolute && !origin_.is_root())
      text += "." + origin_.to_text();
    const auto name = dns::Name::from_text(text);
    if (!name.ok()) return error(name.error().message);
    set_origin(name.value());
    return Done{};
  }

  Result<Done> take_record() {
    const auto line = with_ttl_and_class(entry_.text, ttl_);
    if (!line.ok()) return error(line.error().message);
    ldns_rr* read = nullptr;
    const ldns_status status = ldns().rr_new_frm_str(&read, line.value().c_str(), ttl_,
                                                     origin_field_.held, &previous_.held);
    if (status == LDNS_STATUS_OK) return take(RecordPtr(read).get());
    return error("expected a record, found " + in_quotes(entry_.text) + ": " +
                 ldns().get_errorstr_by_id(status));
  }

  Result<Done> take(const ldns_rr* record) {
    const dns::Name owner = name_of(ldns().rr_owner(record));
    const dns::Type type = type_of(record);
    const auto checked = check_record(record);
    if (!checked.ok()) return error(checked.error().message);
    if (!dns::is_within(owner.view(), context_.zone.view())) {
      return error("expected a name inside " + context_.zone.to_text() + ", found " +
                   in_quotes(owner.to_text()));
    }
    const bool apex = owner == context_.zone;
    if (apex && (type == dns::Type::SOA || type == dns::Type::NS)) return Done{};
    keep(record, owner);
    return Done{};
  }

  void keep(const ldns_rr* record, const dns::Name& owner) {
    const std::string name =
        type_of(record) == dns::Type::SRV ? service_name(owner.view(), context_.zone) : "";
    if (name.empty()) {
      builder_.add(cache::Record{owner, type_of(record), ldns().rr_ttl(record), rdata_of(record)});
      return;
    }
    cache::Service& service = builder_.service(name);
    lower_ttl(service.ttl, ldns().rr_ttl(record));
    cache::Instance instance = srv_instance_of(record);
    // RFC 2782: the target "." says that there is no such service.
    if (!instance.host.empty()) service.instances.push_back(std::move(instance));
  }

  dns::Error error(const std::string& sentence) const {
    return error_at(context_.file, Place{entry_.line, 0}, sentence);
  }

  const DocumentContext& context_;
  dns::Name origin_;
  NameField origin_field_;  // the same for ldns
  NameField previous_;      // owner of the record before
  std::uint32_t ttl_;
  ZoneEntry entry_;  // being read
  CatalogBuilder builder_;
};

}  // namespace

Result<cache::CatalogPart> read_catalog_zone_text(std::string_view text,
                                                  const DocumentContext& context) {
  try {
    ldns();
  } catch (const std::runtime_error& lacking) {  // a file that cannot be read, as any other
    return error_at(context.file, Place{}, lacking.what());
  }
  return ZoneReader(context).read(text);
}

}  // namespace upstream
