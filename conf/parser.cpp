#include "conf/parser.h"

#include <filesystem>
#include <utility>

#include "conf/apply.h"
#include "conf/settings.h"
#include "conf/toml_settings.h"

namespace conf {
namespace {

Surroundings around(const Sources& sources) {
  return {std::filesystem::path(sources.file.name).parent_path().string(), sources.cores};
}

}  // namespace

dns::Result<Loaded> parse(const Sources& sources) {
  Settings settings;
  Problems problems;
  Loaded loaded;
  const bool whole = read_toml(sources.file, settings, problems);
  if (!whole) return dns::Error{problems.text(sources.file)};
  read_environment(sources.environment, settings, problems, loaded.warnings);
  read_command_line(sources.command_line, settings, problems);
  loaded.config = apply(settings, around(sources), problems);
  if (!problems.empty()) return dns::Error{problems.text(sources.file)};
  for (auto& warning : not_yet_in_effect(settings, sources.file)) {
    loaded.warnings.push_back(std::move(warning));
  }
  loaded.file = sources.file.name;
  return loaded;
}

}  // namespace conf
