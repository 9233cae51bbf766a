#include "dnsd/control/services_document.h"

#include <algorithm>

#include "dnsd/control/json_text.h"
#include "dnsd/control/services_text.h"

namespace signpost {
namespace {

using Detail = DocumentSources::Detail;

void open_list(std::string& out, std::string_view key) {
  append_key(out, key);
  out += '[';
}

/// What was added to `text` since it had `before` bytes, without a comma in front.
std::string_view added(const std::string& text, std::size_t before) {
  std::string_view piece = std::string_view(text).substr(before);
  if (piece.starts_with(',')) piece.remove_prefix(1);
  return piece;
}

ServicesDocument write(const DocumentContent& content,
                       const std::vector<const cache::Node*>& nodes) {
  const ServicesText pieces(content);
  ServicesDocument document;
  std::string& text = document.text = "{";
  const auto add_all = [&](std::string_view key, auto add) {
    open_list(text, key);
    for (const cache::Node* node : nodes) {
      const std::size_t before = text.size();
      (pieces.*add)(text, *node);
      document.print.add(added(text, before));
    }
    text += ']';
  };
  pieces.add_head(text, Detail::all);
  add_all("services", &ServicesText::add_service);
  add_all("records", &ServicesText::add_records);
  text += "}\n";
  text.shrink_to_fit();
  std::string head;
  pieces.add_head(head, Detail::tag);
  document.tag = services_tag(head, document.print);
  return document;
}

}  // namespace

ServicesDocument services_document(const DocumentContent& content) {
  std::vector<const cache::Node*> nodes;
  content.table.each_name([&](const cache::Node& node) {
    nodes.push_back(&node);
    return true;
  });
  std::sort(nodes.begin(), nodes.end(),
            [](const auto* a, const auto* b) { return a->name < b->name; });
  return write(content, nodes);
}

ServicesDocument service_document(const DocumentContent& content, const cache::Node& node) {
  return write(content, {&node});
}

std::string changes_document(const DocumentContent& content,
                             const std::vector<ServiceAt>& changed) {
  const ServicesText pieces(content);
  std::string text = "{";
  std::vector<std::string_view> gone;
  pieces.add_head(text, Detail::all);
  open_list(text, "services");
  for (const ServiceAt& service : changed) {
    const std::size_t before = text.size();
    const cache::Node* node = content.table.find(service.owner);
    if (node != nullptr) pieces.add_service(text, *node);
    if (text.size() == before) gone.push_back(service.name);
  }
  text += ']';
  open_list(text, "gone");
  for (const std::string_view name : gone) {
    append_comma(text);
    append_json(text, name);
  }
  return text += "]}\n";
}

}  // namespace signpost
