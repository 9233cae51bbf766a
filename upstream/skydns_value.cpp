#include "upstream/skydns_value.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "dnsd/dns/lowered.h"
#include "upstream/catalog_fields.h"
#include "upstream/json_walk.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

// A number beyond this is a mistake; it leaves room for the sums of weights.
constexpr std::uint64_t kMaxWeight = 0x7fffffff;

class ValueReader final : public JsonWalk {
 public:
  SkydnsValue value;
  std::string error;  // empty: none

  SkydnsValue finish() {
    if (!rare_.text.empty() || !rare_.group.empty()) {
      value.rare = std::make_unique<const SkydnsValue::Rare>(std::move(rare_));
    }
    return std::move(value);
  }

 private:
  bool on_open(bool object) override {
    if (depth() == 1) return object;
    return depth() > 2 || takes_anything(dns::lowered(at(1))) || refuse("a single value", "more");
  }

  bool on_scalar(const JsonScalar& scalar) override {
    if (depth() == 0) return false;
    if (depth() > 1 || scalar.kind == JsonScalar::Kind::null) return true;
    return set(dns::lowered(at(1)), scalar);
  }

  static bool takes_anything(std::string_view key) {
    constexpr std::string_view kKnown[] = {"host",     "text",   "group", "port",
                                           "priority", "weight", "ttl"};
    return std::find(std::begin(kKnown), std::end(kKnown), key) == std::end(kKnown);
  }

  bool set(std::string_view key, const JsonScalar& scalar) {
    if (key == "host") return set_text(value.host, scalar);
    if (key == "text") return set_text(rare_.text, scalar);
    if (key == "group") return set_text(rare_.group, scalar);
    if (key == "port") return set_number(value.port, scalar, 65535);
    if (key == "priority") return set_number(value.priority, scalar, 65535);
    if (key == "weight") return set_number(value.weight, scalar, kMaxWeight);
    if (key == "ttl") return set_number(value.ttl, scalar, kMaxTtl);
    return true;
  }

  bool set_text(std::string& member, const JsonScalar& scalar) {
    if (scalar.kind != JsonScalar::Kind::text) return refuse("text", scalar.text);
    member = scalar.text;
    return true;
  }

  template <typename Number>
  bool set_number(Number& member, const JsonScalar& scalar, std::uint64_t most) {
    std::uint64_t number = 0;
    const char* end = scalar.text.data() + scalar.text.size();
    const auto [stop, problem] = std::from_chars(scalar.text.data(), end, number);
    if (scalar.text.empty() || problem != std::errc() || stop != end || number > most) {
      return refuse("a number from 0 to " + std::to_string(most), scalar.text);
    }
    member = static_cast<Number>(number);
    return true;
  }

  bool refuse(const std::string& expected, std::string_view found) {
    error = "expected " + expected + " as " + printable(at(1)) + ", found " + in_quotes(found);
    return false;
  }

  SkydnsValue::Rare rare_;
};

}  // namespace

dns::Result<SkydnsValue> read_skydns_value(std::string_view json) {
  ValueReader reader;
  if (reader.walk(json)) return reader.finish();
  if (!reader.error.empty()) return dns::Error{reader.error};
  return dns::Error{R"(expected an object such as {"host":"10.0.1.7","port":80}, found )" +
                    in_quotes(json) + (reader.problem().empty() ? "" : ": " + reader.problem())};
}

cache::Instance instance_from(const SkydnsValue& value, std::string id) {
  cache::Instance instance;
  instance.id = std::move(id);
  instance.host = value.host;
  instance.port = value.port;
  instance.priority = value.priority != 0 ? value.priority : kSkydnsPriority;
  instance.weight = value.weight != 0 ? value.weight : cache::kDefaultWeight;
  if (!value.text().empty()) instance.attributes.emplace_back("text", value.text());
  return instance;
}

}  // namespace upstream
