#include "conf/toml_settings.h"

#include <toml++/toml.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <utility>

#include "conf/nearest.h"

namespace conf {
namespace {

Place place_of(const toml::source_region& region) {
  return {"", region.begin.line, region.begin.column};
}

Value::Held held(const toml::node& node);

Value value_of(const toml::node& node) {
  return {place_of(node.source()), held(node), false};
}

Value::List list_of(const toml::array& array) {
  Value::List list;
  for (const toml::node& element : array) list.push_back(value_of(element));
  return list;
}

std::string shown(double number) {
  std::ostringstream text;
  text << number;
  return text.str();
}

Value::Held held(const toml::node& node) {
  if (const auto* flag = node.as_boolean()) return flag->get();
  if (const auto* number = node.as_integer()) return number->get();
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* array = node.as_array()) return list_of(*array);
  if (node.is_table()) return Unfit{"a table"};
  if (const auto* number = node.as_floating_point()) return Unfit{shown(number->get())};
  return Unfit{"a date or time"};
}

std::string header_of(const Section& section) {
  const std::string name(section.name);
  return section.is_array() ? "[[" + name + "]]" : "[" + name + "]";
}

/// `; it is a key of [zone]`, or nothing where no section has it.
std::string where_known(std::string_view key) {
  std::vector<std::string> headers;
  for (const Section& section : sections()) {
    if (find_key(section.name, key)) headers.push_back(header_of(section));
  }
  return headers.empty() ? "" : "; it is a key of " + listed(headers);
}

// A key of very many parts, `a.a.a.a`, is as many tables one in the other, and
// toml++ runs out of stack when it lets go of them. A key ends with its line.
constexpr std::size_t kLongestLine = 4'096;

bool lines_are_short(std::string_view text, Problems& problems) {
  for (unsigned line = 1; !text.empty(); ++line) {
    const std::size_t size = std::min(text.find('\n'), text.size());
    if (size > kLongestLine) {
      problems.add({"", line, 1}, "expected a line of at most " + std::to_string(kLongestLine) +
                                      " bytes, found " + std::to_string(size) +
                                      "; a list may go over several lines");
      return false;
    }
    text.remove_prefix(std::min(size + 1, text.size()));
  }
  return true;
}

/// Reads sections into settings, one table after the other.
class Reading {
 public:
  Reading(Settings& settings, Problems& problems) : settings_(settings), problems_(problems) {}

  void document(const toml::table& root) {
    for (const auto& [key, node] : root) {
      const Section* section = find_section(key.str());
      if (section) {
        this->section(*section, key, node);
      } else {
        unknown_section(key);
      }
    }
  }

 private:
  void section(const Section& section, const toml::key& key, const toml::node& node) {
    if (section.is_array()) {
      entries(section, key, node);
    } else if (const auto* table = node.as_table()) {
      keys(section, 0, *table);
    } else {
      expected(key, "a section " + header_of(section), value_of(node).found());
    }
  }

  void entries(const Section& section, const toml::key& key, const toml::node& node) {
    const std::string header = header_of(section);
    const auto* array = node.as_array();
    if (!array) return expected(key, header, "[" + std::string(section.name) + "]");
    for (const toml::node& element : *array) {
      const auto* table = element.as_table();
      if (!table) {
        problems_.expected(value_of(element), "an entry " + header);
        continue;
      }
      keys(section, settings_.begin_entry(section, place_of(table->source())), *table);
    }
  }

  void keys(const Section& section, std::size_t entry, const toml::table& table) {
    for (const auto& [key, node] : table) {
      const std::string below = std::string(section.name) + "." + std::string(key.str());
      if (const Key* known = find_key(section.name, key.str())) {
        settings_.list.push_back({known, entry, value_of(node)});
      } else if (const Section* inner = find_section(below)) {
        this->section(*inner, key, node);
      } else {
        unknown_key(section, key);
      }
    }
  }

  void unknown_section(const toml::key& key) {
    std::string hint = did_you_mean(key.str(), section_names());
    if (hint.empty()) hint = where_known(key.str());
    expected(key, "a section", "'" + std::string(key.str()) + "'", hint);
  }

  void unknown_key(const Section& section, const toml::key& key) {
    const auto known = key_names(section.name);
    std::string hint = did_you_mean(key.str(), known);
    if (hint.empty()) hint = where_known(key.str());
    if (hint.empty()) hint = "; it has " + listed(known);
    expected(key, "a key of " + header_of(section), "'" + std::string(key.str()) + "'", hint);
  }

  void expected(const toml::key& key, const std::string& what, const std::string& found,
                const std::string& hint = "") {
    problems_.add(place_of(key.source()), "expected " + what + ", found " + found + hint);
  }

  Settings& settings_;
  Problems& problems_;
};

}  // namespace

bool read_toml(const File& file, Settings& settings, Problems& problems) {
  if (!lines_are_short(file.text, problems)) return false;
  try {
    Reading(settings, problems).document(toml::parse(file.text));
    return true;
  } catch (const toml::parse_error& error) {
    problems.add(place_of(error.source()), "expected TOML: " + std::string(error.description()));
    return false;
  }
}

}  // namespace conf
