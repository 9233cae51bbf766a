// What a user wrote for a key, before anybody knows what it means, and where.
//
// In the file a value has TOML's type, and that type must fit. From the
// environment and the command line it is text, which may stand for any of them:
// `true`, `256`, `a,b,c`. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace conf {

/// Where a value stands.
struct Place {
  std::string variable;  // `SIGNPOST_LISTEN_WORKERS` or `--listen`; empty: in the file
  unsigned line = 0;     // from 1; 0: the file as a whole
  unsigned column = 0;   // from 1, in characters

  bool in_file() const { return variable.empty(); }
};

/// A TOML value that no key takes: a table, a date, 1.5.
struct Unfit {
  std::string what;  // as it is named in "found ..."
};

struct Value {
  using List = std::vector<Value>;
  using Held = std::variant<bool, std::int64_t, std::string, List, Unfit>;

  Place place;
  Held held;
  bool stands_for_any = false;  // text from outside the file

  /// Text from the environment or the command line.
  static Value outside(std::string variable, std::string text) {
    return {{std::move(variable)}, std::move(text), true};
  }

  const std::string* text() const { return std::get_if<std::string>(&held); }
  /// How an error shows it: `'text'`, `5`, `a list`.
  std::string found() const;
  /// Whether it switches something off: false, "", "off", "none", "0s", an empty list.
  bool is_off() const;
};

}  // namespace conf
