// Names in AWS's XML, whatever its namespaces are called. Pure; any thread.
#pragma once

#include <pugixml.hpp>
#include <string_view>

namespace upstream {

/// `Code` of `<Code>` and of `<aws:Code>`; lives as long as the document.
inline std::string_view local_name(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  return name.substr(name.find(':') + 1);  // npos + 1 is 0
}

inline pugi::xml_node child_of(const pugi::xml_node& parent, std::string_view name) {
  return parent.find_child([&](const pugi::xml_node& node) { return local_name(node) == name; });
}

}  // namespace upstream
