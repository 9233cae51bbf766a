// Which services the tables of late had otherwise than the one before: who knows the content of
// an earlier one is told these alone.
//
// It holds on to the last table that it was shown.
//
// Pure; belongs to one port, on the control thread.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dnsd/control/document_sources.h"
#include "dnsd/control/services_document.h"

namespace signpost {

// So many services that changed are remembered; a reader who missed more reads everything. And
// where more names of the table are others than before, a whole document is made sooner.
constexpr std::size_t kMostRemembered = 1'000;

class ServicesHistory {
 public:
  /// Starts with a table, the one in `content`, whose whole document has this print.
  void begin(const DocumentContent& content, cache::CatalogSnapshot table, ContentPrint print);
  /// Goes on to the next, the one in `content`; it may be the same, with other sources. False:
  /// who tells what is noted otherwise now, too much has changed, or nothing has begun; only to
  /// begin anew helps.
  bool go_on(const DocumentContent& content, cache::CatalogSnapshot table);
  void forget() { *this = ServicesHistory(); }

  bool begun() const { return table_ != nullptr; }
  /// Whether all but the table is as it was when that was shown.
  bool has_sources_of(const DocumentContent& content) const;
  /// Of the whole document of the last table.
  const std::string& tag() const { return tag_; }
  /// All that may be another than in the content of this tag. Nothing: that is too long ago, was
  /// never, or more has changed than services.
  std::optional<std::vector<ServiceAt>> since(std::string_view tag) const;

 private:
  struct Step {
    std::string from;  // the tag before
    std::vector<ServiceAt> services;
  };

  void add(Step step);

  cache::CatalogSnapshot table_;
  DocumentSources::Places places_;
  std::string head_;  // with the detail `tag`
  ContentPrint print_;
  std::string tag_;
  std::deque<Step> steps_;  // the oldest first
  std::size_t remembered_ = 0;
};

}  // namespace signpost
