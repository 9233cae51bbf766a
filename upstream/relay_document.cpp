#include "upstream/relay_document.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <unordered_set>
#include <utility>

#include "upstream/catalog_builder.h"
#include "upstream/catalog_fields.h"
#include "upstream/document_pieces.h"
#include "upstream/document_place.h"
#include "upstream/printable.h"
#include "upstream/read_so_far.h"
#include "upstream/relay_record.h"

namespace upstream {
namespace {

using nlohmann::json;

constexpr std::size_t kReasonMost = 200;  // the library's sentence may hold text of the document
constexpr std::size_t kMostText = 4096;   // of a host; of anything that an id or a name may be

/// Where the reader is.
enum class Level : std::uint8_t {
  outside,
  document,
  sources,
  source,
  via,
  services,
  service,
  instances,
  instance,
  attributes,
  records,
  record,
  gone,
};

/// Hears the parser's events. Each returns false to stop it; then `error()`
/// says why.
class RelayReader {
 public:
  RelayReader(std::string_view text, const DocumentContext& context)
      : progress_(text), context_(context) {}

  ReadSoFar& progress() { return progress_; }
  const dns::Error& error() const { return error_; }
  RelayDocument finish() {
    document_.part = builder_.finish();
    return std::move(document_);
  }

  bool null() { return scalar(std::nullopt); }
  bool boolean(bool value) { return scalar(Scalar(value)); }
  bool number_integer(std::int64_t value) { return scalar(Scalar(value)); }
  bool number_unsigned(std::uint64_t value) {
    return value <= static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())
               ? scalar(Scalar(static_cast<std::int64_t>(value)))
               : scalar(Scalar(Fraction{std::to_string(value)}));
  }
  bool number_float(double /*value*/, const std::string& spelling) {
    return scalar(Scalar(Fraction{spelling}));
  }
  bool string(std::string& value) { return scalar(Scalar(std::move(value))); }
  bool binary(json::binary_t& /*value*/) { return scalar(std::nullopt); }

  bool start_object(std::size_t /*size*/) {
    if (passing_over_ > 0 || !opens_object()) return pass_over_more();
    return passed();
  }
  bool end_object() {
    if (passing_over_ > 0) return pass_over_less();
    switch (level_) {
      case Level::attributes:
        return enter(Level::instance);
      case Level::instance:
        return close_instance();
      case Level::service:
        return close_service();
      case Level::record:
        return close_record();
      case Level::source:
        return close_source();
      default:
        return close_document();
    }
  }
  bool start_array(std::size_t /*size*/) {
    if (level_ == Level::outside) return refuse_here("expected an object, found an array");
    if (passing_over_ > 0 || !opens_array()) return pass_over_more();
    return passed();
  }
  bool end_array() {
    if (passing_over_ > 0) return pass_over_less();
    if (level_ == Level::via) return enter(Level::source);
    return enter(level_ == Level::instances ? Level::service : Level::document);
  }
  bool key(std::string& name) {
    if (passing_over_ == 0) key_ = std::move(name);
    return passed();
  }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const json::exception& problem) {
    const std::string_view what = problem.what();
    const std::size_t reason = what.find(": ");
    return refuse(progress_.reached(),
                  "expected JSON, found: " +
                      printable(what.substr(reason == what.npos ? 0 : reason + 2), kReasonMost));
  }

 private:
  bool passed() {
    progress_.pass_token();
    return true;
  }
  bool enter(Level level) {
    level_ = level;
    return passed();
  }
  bool pass_over_more() {
    ++passing_over_;
    return passed();
  }
  bool pass_over_less() {
    --passing_over_;
    return passed();
  }
  bool refuse_here(const std::string& sentence) {
    return refuse(progress_.token_start(), sentence);
  }
  bool refuse(std::size_t at, const std::string& sentence) {
    const std::string where =
        level_ >= Level::service && level_ <= Level::attributes ? in_instance(0, block_.name) : "";
    error_ = error_at(context_.file, place_of(progress_.text(), at), sentence + where);
    return false;
  }
  bool passed_or(const dns::Result<dns::Done>& set) {
    return set.ok() ? passed() : refuse_here(set.error().message);
  }

  /// Whether an object that begins here is one of ours.
  bool opens_object() {
    switch (level_) {
      case Level::outside:
        level_ = Level::document;
        return true;
      case Level::sources:
        source_ = RelayedSource();
        level_ = Level::source;
        return true;
      case Level::services:
        block_ = ServiceBlock();
        level_ = Level::service;
        return true;
      case Level::instances:
        instance_ = cache::Instance();
        level_ = Level::instance;
        return true;
      case Level::records:
        record_ = RecordText();
        origin_ = 0;
        level_ = Level::record;
        return true;
      case Level::instance:
        if (key_ != "attributes") return false;
        level_ = Level::attributes;
        return true;
      default:
        return false;
    }
  }
  bool opens_array() {
    Level inner = Level::outside;
    if (level_ == Level::document && key_ == "sources") inner = Level::sources;
    if (level_ == Level::document && key_ == "services") inner = Level::services;
    if (level_ == Level::document && key_ == "records") inner = Level::records;
    if (level_ == Level::document && key_ == "gone") inner = Level::gone;
    if (level_ == Level::source && key_ == "via") inner = Level::via;
    if (level_ == Level::service && key_ == "instances") inner = Level::instances;
    if (inner == Level::outside) return false;
    level_ = inner;
    return true;
  }

  /// A value without parts; nothing is null, as if the key were not there.
  bool scalar(const std::optional<Scalar>& value) {
    if (passing_over_ > 0) return passed();
    if (level_ == Level::outside) return refuse_here("expected an object, found a single value");
    if (!value) return passed();
    switch (level_) {
      case Level::document:
        return set_document(*value);
      case Level::source:
        return set_source(*value);
      case Level::via:
        return add_via(*value);
      case Level::service:
        return set_service(*value);
      case Level::instance:
        return set_instance(*value);
      case Level::attributes:
        return add_attribute(*value);
      case Level::record:
        return set_record(*value);
      case Level::gone:
        return add_gone(*value);
      default:
        return refuse_here("expected an object, found a single value");
    }
  }

  bool set_document(const Scalar& value) {
    if (key_ == "format") return set_format(value);
    if (key_ == "zone") return set_zone(value);
    return passed();
  }
  bool set_format(const Scalar& value) {
    const auto* format = std::get_if<std::int64_t>(&value);
    if (format == nullptr || *format != kRelayFormat) {
      return refuse_here("expected format " + std::to_string(kRelayFormat) + ", found " +
                         (format != nullptr ? std::to_string(*format) : "none that is a number") +
                         ": the other daemon speaks another version, update the older of the two");
    }
    has_format_ = true;
    return passed();
  }
  bool set_zone(const Scalar& value) {
    const auto* text = std::get_if<std::string>(&value);
    const auto zone = dns::Name::from_text(text != nullptr ? *text : "");
    if (zone.ok() && zone.value() == context_.zone) return passed();
    return refuse_here("expected the zone " + context_.zone.to_text() + ", found " +
                       in_quotes(text != nullptr ? *text : "") +
                       ": 'zone.name' must be the same on both daemons");
  }

  bool set_source(const Scalar& value) {
    if (key_ == "name") return set_text(source_.name, value);
    if (key_ == "failure") return set_text(source_.failure, value);
    if (key_ == "loaded") return set_flag(source_.loaded, value);
    if (key_ == "stale") return set_flag(source_.stale, value);
    return passed();
  }
  bool add_via(const Scalar& value) { return set_text(source_.via.emplace_back(), value); }
  bool close_source() {
    if (document_.sources.size() == kMostRelayedSources)
      return refuse_here("expected at most " + std::to_string(kMostRelayedSources) + " sources");
    document_.sources.push_back(std::move(source_));
    return enter(Level::sources);
  }

  bool set_service(const Scalar& value) {
    if (key_ == "held") return set_held(value);
    if (key_ == "held_by") return set_origin(block_.held_origin, value);
    return key_ == "name" || key_ == "ttl" ? passed_or(set_field(block_, key_, value)) : passed();
  }
  bool set_held(const Scalar& value) {
    std::string why;
    if (!set_text(why, value)) return false;
    block_.held = printable(why, kReasonMost);
    return passed();
  }

  bool set_instance(const Scalar& value) {
    if (key_ == "host") return set_text(instance_.host, value);
    if (key_ == "status_text") return set_text(instance_.status_text, value);
    if (key_ == "status") return set_status(value);
    if (key_ == "source") return set_origin(instance_.origin, value);
    const bool is_field = key_ == "id" || key_ == "version" || key_ == "port" ||
                          key_ == "priority" || key_ == "weight" || key_ == "url";
    return is_field ? passed_or(set_field(instance_, key_, value)) : passed();
  }
  bool set_status(const Scalar& value) {
    std::string word;
    if (!set_text(word, value)) return false;
    instance_.status = status_from(word);
    if (instance_.status_text.empty()) instance_.status_text = std::move(word);
    return true;
  }
  bool add_attribute(const Scalar& value) {
    if (instance_.attributes.size() == kMaxAttributes)
      return refuse_here("expected at most " + std::to_string(kMaxAttributes) + " attributes");
    auto& [name, text] = instance_.attributes.emplace_back();
    name = key_;
    return set_text(text, value);
  }
  bool close_instance() {
    if (instance_.host.empty()) instance_.port = 0;
    block_.instances.push_back(std::move(instance_));
    return enter(Level::instances);
  }
  bool close_service() {
    if (const auto fits = check_name(block_, context_.zone); !fits.ok())
      return refuse_here(fits.error().message);
    if (!names_.insert(owner_of_service(block_.name, context_.zone)).second)
      return refuse_here("expected each service once, found it again");
    builder_.add(std::exchange(block_, ServiceBlock()));
    return enter(Level::services);
  }

  bool set_record(const Scalar& value) {
    if (key_ == "name") return set_text(record_.name, value);
    if (key_ == "type") return set_text(record_.type, value);
    if (key_ == "data") return set_text(record_.data, value, std::string::npos);
    if (key_ == "source") return set_origin(origin_, value);
    return key_ == "ttl" ? set_number(record_.ttl, value, kMaxTtl) : passed();
  }
  bool close_record() {
    auto record = relayed_record(record_, context_.zone);
    if (!record.ok()) return refuse_here(record.error().message);
    record.value().origin = origin_;
    builder_.add(std::move(record).value());
    return enter(Level::records);
  }

  bool close_document() {
    if (!has_format_)
      return refuse_here("expected a \"format\", found none: is this the catalog of a Signpost?");
    for (const std::string& name : document_.gone) {
      if (names_.contains(owner_of_service(name, context_.zone)))
        return refuse_here("expected what is gone not among the services, found " +
                           in_quotes(name));
    }
    return enter(Level::outside);
  }

  bool add_gone(const Scalar& value) {
    if (document_.gone.size() == kMostGone)
      return refuse_here("expected at most " + std::to_string(kMostGone) + " that are gone");
    ServiceBlock gone;
    if (!set_text(gone.name, value)) return false;
    if (const auto fits = check_name(gone, context_.zone); !fits.ok())
      return refuse_here(fits.error().message);
    document_.gone.push_back(std::move(gone.name));
    return true;
  }

  bool set_text(std::string& out, const Scalar& value, std::size_t most = kMostText) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr || text->size() > most) {
      return refuse_here("expected text of at most " + std::to_string(kMostText) + " bytes as " +
                         printable(key_));
    }
    out = *text;
    return passed();
  }
  bool set_flag(bool& out, const Scalar& value) {
    const auto* flag = std::get_if<bool>(&value);
    if (flag == nullptr) return refuse_here("expected true or false as " + printable(key_));
    out = *flag;
    return passed();
  }
  template <typename Number>
  bool set_number(Number& out, const Scalar& value, std::int64_t most) {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (number == nullptr || *number < 0 || *number > most) {
      return refuse_here("expected a number from 0 to " + std::to_string(most) + " as " +
                         printable(key_));
    }
    out = static_cast<Number>(*number);
    return passed();
  }
  /// The list of sources stands before those who point into it.
  bool set_origin(std::uint16_t& out, const Scalar& value) {
    const auto most = static_cast<std::int64_t>(document_.sources.size()) - 1;
    if (!set_number(out, value, most)) return false;
    ++out;
    return true;
  }

  ReadSoFar progress_;
  const DocumentContext& context_;
  Level level_ = Level::outside;
  std::size_t passing_over_ = 0;  // how deep in what is not known
  bool has_format_ = false;
  std::string key_;  // the last one heard
  RelayedSource source_;
  ServiceBlock block_;
  cache::Instance instance_;
  RecordText record_;
  std::uint16_t origin_ = 0;  // of the record
  RelayDocument document_;
  std::unordered_set<std::string> names_;  // owners of the services so far
  CatalogBuilder builder_;
  dns::Error error_;
};

}  // namespace

dns::Result<RelayDocument> read_relay_document(std::string_view text,
                                               const DocumentContext& context) {
  RelayReader reader(text, context);
  if (!json::sax_parse(reader.progress().begin(), reader.progress().end(), &reader))
    return reader.error();
  return reader.finish();
}

}  // namespace upstream
