#include "conf/environment.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "conf/nearest.h"

namespace conf {
namespace {

constexpr std::string_view kOurs = "SIGNPOST_";

std::string shouted(std::string_view text) {
  std::string out;
  for (const char c : text) {
    out.push_back(c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c);
  }
  return out;
}

/// A variable that names a key: which, and of which entry.
struct Named {
  const Key* key = nullptr;
  std::size_t entry = 0;
};

/// Takes `0_` from the front.
std::optional<std::size_t> take_index(std::string_view& rest) {
  std::size_t index = 0;
  auto [end, problem] = std::from_chars(rest.data(), rest.data() + rest.size(), index);
  const auto digits = static_cast<std::size_t>(end - rest.data());
  if (problem != std::errc() || digits == rest.size() || *end != '_') return {};
  rest.remove_prefix(digits + 1);
  return index;
}

std::optional<Named> named_in(std::string_view rest, const Key& key) {
  const std::string section = shouted(key.section) + "_";
  if (!rest.starts_with(section)) return {};
  rest.remove_prefix(section.size());
  std::optional<std::size_t> index = 0;
  if (find_section(key.section)->is_array()) index = take_index(rest);
  if (!index || rest != shouted(key.name)) return {};
  return Named{&key, *index};
}

/// `rest` is a variable's name without `SIGNPOST_`.
std::optional<Named> named_by(std::string_view rest) {
  for (const Key& key : keys()) {
    if (auto named = named_in(rest, key)) return named;
  }
  return {};
}

std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const Key& key : keys()) {
    const bool array = find_section(key.section)->is_array();
    names.push_back(shouted(key.section) + (array ? "_0_" : "_") + shouted(key.name));
  }
  return names;
}

std::string unknown(std::string_view rest) {
  const auto near = nearest(rest, known_names());
  return std::string(kOurs) + std::string(rest) + ": no key has this variable, it is ignored" +
         (near ? "; did you mean '" + std::string(kOurs) + *near + "'?" : "");
}

struct Variable {
  Named named;
  std::string name;
  std::string text;
};

/// By section and index, so that new entries begin one after the other.
void in_order(std::vector<Variable>& variables) {
  std::ranges::stable_sort(variables, {}, [](const Variable& v) { return v.named.entry; });
}

void take(const Variable& variable, Settings& settings, Problems& problems) {
  const auto& [key, entry] = variable.named;
  const Section& section = *find_section(key->section);
  const std::size_t next = settings.count(section);
  if (section.is_array() && entry > next) {
    problems.add({variable.name}, "expected an index of at most " + std::to_string(next) +
                                      ", the next new entry, found " + std::to_string(entry));
    return;
  }
  if (section.is_array() && entry == next) settings.begin_entry(section, {variable.name});
  settings.list.push_back({key, entry, Value::outside(variable.name, variable.text)});
}

}  // namespace

Environment copy_of(const char* const* environment) {
  Environment copy;
  for (; *environment != nullptr; ++environment) copy.emplace_back(*environment);
  return copy;
}

void read_environment(const Environment& environment, Settings& settings, Problems& problems,
                      std::vector<std::string>& warnings) {
  std::vector<Variable> variables;
  for (const std::string& line : environment) {
    const std::size_t equals = line.find('=');
    if (!line.starts_with(kOurs) || equals == std::string::npos) continue;
    const std::string name = line.substr(0, equals);
    const std::string rest = name.substr(kOurs.size());
    if (const auto named = named_by(rest)) {
      variables.push_back({*named, name, line.substr(equals + 1)});
    } else {
      warnings.push_back(unknown(rest));
    }
  }
  in_order(variables);
  for (const Variable& variable : variables) take(variable, settings, problems);
}

}  // namespace conf
