#include "cache/question_name.h"

#include <string>

#include "cache/service_name.h"

namespace cache {
namespace {

/// The last dot is one, and no letter of a label.
bool ends_in_dot(std::string_view text) {
  return text.ends_with('.') && !text.ends_with("\\.");
}

}  // namespace

dns::Result<dns::Name> question_name(std::string_view text, const dns::Name& zone) {
  auto whole = dns::Name::from_text(text);
  if (!whole.ok()) return whole;
  if (ends_in_dot(text) || dns::is_within(whole.value().view(), zone.view())) return whole;
  const auto under = name_under(text, zone);
  if (under) return *under;
  return dns::Error{"expected a name that fits below " + zone.to_text() + ", found '" +
                    std::string(text) + "'"};
}

}  // namespace cache
