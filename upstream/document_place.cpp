#include "upstream/document_place.h"

#include <algorithm>

#include "upstream/printable.h"

namespace upstream {

Place place_of(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t last = before.rfind('\n');
  const std::size_t column =
      last == std::string_view::npos ? before.size() : before.size() - last - 1;
  return Place{static_cast<std::size_t>(lines) + 1, column + 1};
}

dns::Error error_at(const std::string& file, Place place, const std::string& sentence) {
  std::string message = file;
  if (place.line != 0) message += ":" + std::to_string(place.line);
  if (place.line != 0 && place.column != 0) message += ":" + std::to_string(place.column);
  return dns::Error{message + ": " + sentence};
}

std::string in_instance(std::size_t instance, std::string_view service) {
  std::string out;
  if (instance != 0) out = "instance " + std::to_string(instance);
  if (!service.empty()) out += (out.empty() ? "service " : " of service ") + in_quotes(service);
  return out.empty() ? out : ", in " + out;
}

}  // namespace upstream
