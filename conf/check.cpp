#include "conf/check.h"

namespace conf {

Checked check(const CommandLine& line, const Environment& environment) {
  const auto loaded = load(line, environment);
  if (!loaded.ok()) return {1, loaded.error().message + '\n'};
  Checked fine;
  for (const std::string& warning : loaded.value().warnings) fine.text += warning + '\n';
  return fine;
}

}  // namespace conf
