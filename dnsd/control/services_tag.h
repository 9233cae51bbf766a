// The tag of a services document: of what its readers act on, whenever it was made and
// by whichever run. It tells contents apart, and is no defence against who writes
// catalogs so that two have one tag.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace signpost {

/// Of services and records, each by its text. A sum, so that one that is another is taken off
/// and added anew without a look at the rest.
class ContentPrint {
 public:
  void add(std::string_view text);
  void take_off(std::string_view text);
  std::uint64_t value() const { return sum_; }

 private:
  std::uint64_t sum_ = 0;
};

/// `head` is the document's, with the detail `tag`.
std::string services_tag(std::string_view head, const ContentPrint& content);

}  // namespace signpost
