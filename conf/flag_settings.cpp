// What the flags set, in the words of the key table.

#include <array>
#include <string_view>
#include <utility>

#include "conf/command_line.h"

namespace conf {
namespace {

/// A form of --catalog: what stands before the first colon, and the key that
/// takes what stands after it.
struct Form {
  std::string_view prefix;
  std::string_view type;
  std::string_view dialect;  // of http
  std::string_view key;
};

constexpr std::array<Form, 7> kForms = {{
    {"file", "file", "", "path"},
    {"http+catalog", "http", "catalog", "url"},
    {"http+service", "http", "service", "url"},
    {"route53", "route53", "", "zone"},
    {"etcd", "etcd", "", "endpoints"},
    {"signpost", "signpost", "", "url"},
    {"builtin", "builtin", "", "path"},
}};

const Form* form_of(std::string_view prefix) {
  for (const Form& form : kForms) {
    if (form.prefix == prefix) return &form;
  }
  return nullptr;
}

void set(Settings& settings, const char* flag, std::string_view section, std::string_view key,
         std::string_view text, std::size_t entry = 0) {
  settings.list.push_back({find_key(section, key), entry, Value::outside(flag, std::string(text))});
}

void set_list(Settings& settings, const char* flag, std::string_view section, std::string_view key,
              const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  Value::List list;
  for (const std::string& text : texts) list.push_back(Value::outside(flag, text));
  settings.list.push_back({find_key(section, key), 0, Value{{flag}, std::move(list)}});
}

void set_one(Settings& settings, const char* flag, std::string_view section, std::string_view key,
             const std::optional<std::string>& text) {
  if (text) set(settings, flag, section, key, *text);
}

void add_catalog(std::string_view spec, Settings& settings, Problems& problems) {
  constexpr const char* kFlag = "--catalog";
  const std::size_t colon = spec.find(':');
  const Form* form = form_of(spec.substr(0, colon));
  if (!form || colon == std::string_view::npos || colon + 1 == spec.size()) {
    problems.expected(Value::outside(kFlag, std::string(spec)),
                      "file:PATH, http+catalog:URL, http+service:URL, route53:ZONE, etcd:URL, "
                      "signpost:URL or builtin:PATH");
    return;
  }
  const std::size_t entry = settings.begin_entry(*find_section("catalog"), {kFlag});
  set(settings, kFlag, "catalog", "type", form->type, entry);
  if (!form->dialect.empty()) set(settings, kFlag, "catalog", "dialect", form->dialect, entry);
  set(settings, kFlag, "catalog", form->key, spec.substr(colon + 1), entry);
}

}  // namespace

void read_command_line(const CommandLine& line, Settings& settings, Problems& problems) {
  set_list(settings, "--listen", "listen", "addresses", line.listen);
  set_list(settings, "--upstream", "forward", "upstreams", line.upstreams);
  set_one(settings, "--control", "control", "listen", line.control);
  set_one(settings, "--log-level", "log", "level", line.log_level);
  set_one(settings, "--log-format", "log", "format", line.log_format);
  if (!line.catalogs.empty()) settings.clear(*find_section("catalog"));
  for (const std::string& spec : line.catalogs) add_catalog(spec, settings, problems);
}

}  // namespace conf
