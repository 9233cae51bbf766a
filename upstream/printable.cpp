#include "upstream/printable.h"

namespace upstream {

std::string printable(std::string_view text, std::size_t most) {
  std::string out(text.substr(0, most));
  for (char& c : out) {
    if (c < ' ' || c > '~') c = '?';
  }
  if (text.size() > most) out += "...";
  return out;
}

std::string in_quotes(std::string_view text, std::size_t most) {
  return "'" + printable(text, most) + "'";
}

}  // namespace upstream
