// What is wrong with a configuration, gathered so that a user sees all of it at
// once, each with its place:
//
//   signpost.toml:2:11: expected a whole number from 1 to 256 or "auto", found 'two'
//     workers = "two"
//               ^
//   SIGNPOST_ZONE_TTL: expected a duration such as "10s", found 'soon'
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "conf/value.h"

namespace conf {

/// The configuration file as it was read.
struct File {
  std::string name;  // empty: there is no file
  std::string text;
};

class Problems {
 public:
  void add(Place place, std::string sentence);
  /// `expected <what>, found <the value>`
  void expected(const Value& value, std::string_view what);

  bool empty() const { return problems_.empty(); }
  std::size_t size() const { return problems_.size(); }
  /// All of them, those of `file` first and by line; no more than a screenful.
  std::string text(const File& file) const;

 private:
  struct Problem {
    Place place;
    std::string sentence;
  };
  static bool before(const Problem& a, const Problem& b);

  std::vector<Problem> problems_;
};

/// `FILE:LINE` or the variable's name: where a warning points.
std::string short_place(const Place& place, const File& file);

}  // namespace conf
