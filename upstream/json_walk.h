// Walks JSON as a stream of events and tells each single value with its place,
// for readers that want a few fields of a large text.
//
// Depth costs nothing: what lies deeper than kMaxPlace is passed over. Belongs
// to one reader.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace upstream {

struct JsonScalar {
  enum class Kind : std::uint8_t { text, number, boolean, null };
  Kind kind = Kind::null;
  std::string_view text;  // a number as digits; `true`, `false`, `null`
};

/// Derive, override what is of interest, and walk() once.
class JsonWalk {
 public:
  using json = nlohmann::json;

  virtual ~JsonWalk() = default;
  /// False: it is no JSON, or a member returned false; problem() then says which.
  bool walk(std::string_view text) { return json::sax_parse(text.begin(), text.end(), this); }
  /// Of the JSON itself; empty: its form is right.
  const std::string& problem() const { return problem_; }

  // What the library calls.
  bool null() { return scalar({JsonScalar::Kind::null, "null"}); }
  bool boolean(bool value) { return scalar({JsonScalar::Kind::boolean, value ? "true" : "false"}); }
  bool number_integer(std::int64_t value) { return number(std::to_string(value)); }
  bool number_unsigned(std::uint64_t value) { return number(std::to_string(value)); }
  bool number_float(double /*value*/, const std::string& spelling) { return number(spelling); }
  bool string(std::string& value) { return scalar({JsonScalar::Kind::text, value}); }
  bool binary(json::binary_t& /*value*/) { return false; }
  bool start_object(std::size_t /*size*/) { return opened(true); }
  bool start_array(std::size_t /*size*/) { return opened(false); }
  bool end_object() { return closed(true); }
  bool end_array() { return closed(false); }
  bool key(std::string& name) {
    if (depth_ <= kMaxPlace) keys_[depth_ - 1].swap(name);
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const json::exception& /*problem*/) {
    problem_ = "it breaks off, or is no JSON, at byte " + std::to_string(position);
    return false;
  }

 protected:
  static constexpr std::size_t kMaxPlace = 6;

  /// A single value at `at(1)`, `at(2)`, ... False stops the walk.
  virtual bool on_scalar(const JsonScalar& value) = 0;
  virtual bool on_open(bool /*object*/) { return true; }
  virtual bool on_close(bool /*object*/) { return true; }

  /// How many objects and arrays are open; in on_open() and on_close() that one too.
  std::size_t depth() const { return depth_; }
  /// The key in the object of that level, from 1; empty in an array. REQUIRES: level <= kMaxPlace.
  std::string_view at(std::size_t level) const { return keys_[level - 1]; }

 private:
  bool number(const std::string& digits) { return scalar({JsonScalar::Kind::number, digits}); }
  bool scalar(const JsonScalar& value) { return depth_ > kMaxPlace || on_scalar(value); }
  bool opened(bool object) {
    if (++depth_ > kMaxPlace) return true;
    keys_[depth_ - 1].clear();
    return on_open(object);
  }
  bool closed(bool object) {
    const bool heard = depth_ > kMaxPlace || on_close(object);
    --depth_;
    return heard;
  }

  std::array<std::string, kMaxPlace> keys_;
  std::size_t depth_ = 0;
  std::string problem_;
};

}  // namespace upstream
