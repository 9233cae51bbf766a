#include "dnsd/control/services_tag.h"

#include <cstdio>

#include "dnsd/dns/siphash.h"

namespace signpost {
namespace {

std::uint64_t print_of(std::string_view text) {
  // Known to all: it tells contents apart, and keeps nothing secret.
  const dns::SipKey key{};
  return dns::siphash24(key, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace

void ContentPrint::add(std::string_view text) {
  if (!text.empty()) sum_ += print_of(text);
}

void ContentPrint::take_off(std::string_view text) {
  if (!text.empty()) sum_ -= print_of(text);
}

std::string services_tag(std::string_view head, const ContentPrint& content) {
  const std::string prints = std::to_string(print_of(head)) + ' ' + std::to_string(content.value());
  std::string tag(17, '\0');
  std::snprintf(tag.data(), tag.size(), "%016llX",
                static_cast<unsigned long long>(print_of(prints)));
  tag.pop_back();
  return tag;
}

}  // namespace signpost
