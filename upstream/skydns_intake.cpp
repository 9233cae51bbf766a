#include "upstream/skydns_intake.h"

#include <utility>

#include "upstream/printable.h"

namespace upstream {
namespace {

std::string complaint(const EtcdPair& pair, const std::string& sentence) {
  return "key " + in_quotes(pair.key, 256) + ": " + sentence;
}

/// The zone's own folder is a key that the plugin has for the zone's name, which is ours.
bool is_of_no_name(std::string_view path) {
  return !path.empty() && services_of(path).empty();
}

Intake take_out(SkydnsTree& tree, std::string_view path, const EtcdPair& pair) {
  return {tree.erase(path, pair.revision) ? std::string(path) : "", ""};
}

}  // namespace

Intake take_in(SkydnsTree& tree, const SkydnsRange& range, const EtcdPair& pair) {
  const auto path = range.path_of(pair.key);
  if (!path) return {"", complaint(pair, "expected one below " + in_quotes(range.folder))};
  auto value = read_skydns_value(pair.value);
  if (!value.ok()) {
    Intake intake = take_out(tree, *path, pair);
    intake.bad = complaint(pair, value.error().message);
    return intake;
  }
  if (is_of_no_name(*path)) {
    return {"", complaint(pair, "expected labels of lower-case letters, digits, '-' and '_'")};
  }
  const bool changed = tree.put(*path, std::move(value).value(), pair.revision);
  return {changed ? std::string(*path) : "", ""};
}

Intake take_in(SkydnsTree& tree, const SkydnsRange& range, const EtcdEvent& event) {
  if (!event.gone) return take_in(tree, range, event.pair);
  const auto path = range.path_of(event.pair.key);
  return path ? take_out(tree, *path, event.pair) : Intake();
}

}  // namespace upstream
