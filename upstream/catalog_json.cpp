// Catalog documents in JSON: `{"services":[{"name":"time","instances":[{...}]}]}`.
//
// Read as a stream of events, so that a large document costs its instances and
// little more, and so that depth costs nothing.
#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "upstream/catalog_builder.h"
#include "upstream/catalog_document.h"
#include "upstream/catalog_fields.h"
#include "upstream/document_place.h"
#include "upstream/printable.h"
#include "upstream/read_so_far.h"

namespace upstream {
namespace {

using nlohmann::json;

constexpr std::size_t kReasonMost = 200;  // the library's sentence may hold text of the file

/// Hears the parser's events. Each returns false to stop it; then `error()`
/// says why.
class JsonReader {
 public:
  JsonReader(std::string_view text, const DocumentContext& context, DocumentPieces* pieces)
      : progress_(text), context_(context), pieces_(pieces) {}

  ReadSoFar& progress() { return progress_; }
  const dns::Error& error() const { return error_; }
  cache::CatalogPart finish() { return builder_.finish(); }

  bool null() {
    // As if the key were not there: writers of JSON say "nothing" so.
    return is_object(level_) ? passed() : fail("null");
  }
  bool boolean(bool value) { return scalar(value); }
  bool number_integer(std::int64_t value) { return scalar(value); }
  bool number_unsigned(std::uint64_t value) {
    if (value > static_cast<std::uint64_t>(INT64_MAX))
      return scalar(Fraction{std::to_string(value)});
    return scalar(static_cast<std::int64_t>(value));
  }
  bool number_float(double /*value*/, const std::string& spelling) {
    return scalar(Fraction{spelling});
  }
  bool string(std::string& value) { return scalar(value); }
  bool binary(json::binary_t& /*value*/) { return fail("binary data"); }

  bool start_object(std::size_t /*size*/) {
    if (level_ == Level::outside) return enter(Level::document);
    if (level_ == Level::services) return open_service();
    if (level_ == Level::instances) return open_instance();
    return fail("an object");
  }
  bool end_object() {
    if (level_ == Level::instance) return close_instance();
    if (level_ == Level::service) return close_service();
    return has_services_ ? enter(Level::done) : fail("an object without it");
  }
  bool start_array(std::size_t /*size*/) {
    if (level_ == Level::document) return enter(Level::services);
    if (level_ == Level::service && key_ == "instances") return enter(Level::instances);
    return fail("an array");
  }
  bool end_array() { return enter(level_ == Level::instances ? Level::service : Level::document); }
  bool key(std::string& name) {
    key_ = std::move(name);
    if (level_ == Level::instance) return first_time(instance_keys_);
    if (level_ == Level::service) return first_time(block_keys_);
    if (key_ != "services" || has_services_) return fail(in_quotes(key_));
    has_services_ = true;
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
  enum class Level : std::uint8_t {
    outside,
    document,
    services,
    service,
    instances,
    instance,
    done
  };

  static bool is_object(Level level) { return level == Level::service || level == Level::instance; }

  /// What may stand where the reader is.
  std::string expectation() const {
    switch (level_) {
      case Level::services:
        return "an object, one service";
      case Level::instances:
        return "an object, one instance";
      case Level::service:
      case Level::instance:
        return (key_ == "instances" ? "an array" : "text, a number, true or false") +
               std::string(" as ") + printable(key_);
      default:
        return R"({"services": [...]})";
    }
  }

  bool passed() {
    progress_.pass_token();
    return true;
  }
  bool enter(Level level) {
    level_ = level;
    return passed();
  }
  bool fail(const std::string& found) {
    return refuse_here("expected " + expectation() + ", found " + found);
  }
  bool refuse_here(const std::string& sentence) {
    return refuse(progress_.token_start(), sentence);
  }
  bool refuse(std::size_t at, const std::string& sentence) {
    const Place place = place_of(progress_.text(), at);
    error_ = error_at(context_.file, place, sentence + in_instance(instance_number(), block_.name));
    return false;
  }
  std::size_t instance_number() const {
    return level_ == Level::instance ? block_.instances.size() + 1 : 0;
  }

  bool scalar(const Scalar& value) {
    if (!is_object(level_) || (level_ == Level::service && key_ == "instances")) {
      return fail("a single value");
    }
    const auto set = level_ == Level::service ? set_field(block_, key_, value)
                                              : set_field(instance_, key_, value);
    return set.ok() ? passed() : refuse_here(set.error().message);
  }
  bool first_time(std::vector<std::string>& keys) {
    if (std::find(keys.begin(), keys.end(), key_) != keys.end()) {
      return refuse_here("expected each key once, found " + in_quotes(key_) + " again");
    }
    if (keys.size() > kMaxAttributes + kOwnKeys) {
      return refuse_here("expected at most " + std::to_string(kMaxAttributes) +
                         " attributes, found one more: " + in_quotes(key_));
    }
    keys.push_back(key_);
    return passed();
  }

  bool open_service() {
    block_ = ServiceBlock();
    block_keys_.clear();
    service_at_ = progress_.token_start();
    return enter(Level::service);
  }
  bool close_service() {
    const auto completed = complete(block_, context_.zone);
    if (!completed.ok()) return refuse(service_at_, completed.error().message);
    if (pieces_ != nullptr) add_to_pieces();
    builder_.add(std::exchange(block_, ServiceBlock()));
    return enter(Level::services);
  }
  void add_to_pieces() {
    pieces_->may_begin(service_at_);
    pieces_->add_name(name_print(owner_of_service(block_.name, context_.zone)));
    pieces_->end_at(progress_.reached());
  }
  bool open_instance() {
    instance_ = cache::Instance();
    instance_keys_.clear();
    instance_at_ = progress_.token_start();
    return enter(Level::instance);
  }
  bool close_instance() {
    const auto completed = complete(instance_);
    if (!completed.ok()) return refuse(instance_at_, completed.error().message);
    block_.instances.push_back(std::move(instance_));
    return enter(Level::instances);
  }

  static constexpr std::size_t kOwnKeys = 8;  // of an instance; a service has fewer

  ReadSoFar progress_;
  const DocumentContext& context_;
  DocumentPieces* pieces_;  // null: not wanted
  Level level_ = Level::outside;
  bool has_services_ = false;
  std::string key_;  // the last one heard
  ServiceBlock block_;
  cache::Instance instance_;
  std::vector<std::string> block_keys_, instance_keys_;  // seen so far
  std::size_t service_at_ = 0, instance_at_ = 0;
  CatalogBuilder builder_;
  dns::Error error_;
};

}  // namespace

dns::Result<cache::CatalogPart> read_catalog_json(std::string_view text,
                                                  const DocumentContext& context,
                                                  DocumentPieces* pieces) {
  JsonReader reader(text, context, pieces);
  if (!json::sax_parse(reader.progress().begin(), reader.progress().end(), &reader))
    return reader.error();
  return reader.finish();
}

}  // namespace upstream
