// The pieces that a services document (services_document.h) consists of: its head, and what one
// node of the table tells.
//
// Pure; belongs to one document.
#pragma once

#include <string>

#include "dnsd/control/document_sources.h"

namespace signpost {

class ServicesText {
 public:
  /// `content` must outlive it.
  explicit ServicesText(const DocumentContent& content) : content_(content), sources_(content) {}

  /// Format, zone and sources.
  void add_head(std::string& out, DocumentSources::Detail detail) const;
  /// The node's service. Nothing is added where there is none, or all of it is left out.
  void add_service(std::string& out, const cache::Node& node) const;
  /// The records that stand at its name.
  void add_records(std::string& out, const cache::Node& node) const;

  const DocumentSources& sources() const { return sources_; }

 private:
  void add_held(std::string& out, const cache::TableService& service) const;

  const DocumentContent& content_;
  DocumentSources sources_;
};

}  // namespace signpost
