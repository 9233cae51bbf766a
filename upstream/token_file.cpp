#include "upstream/token_file.h"

#include <algorithm>

#include "dnsd/net/whole_file.h"

namespace upstream {
namespace {

constexpr std::size_t kMostToken = 65'536;

bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == '\x7f';
}

}  // namespace

dns::Result<std::string> one_line(std::string text, const std::string& source) {
  text.erase(text.find_last_not_of(" \t\r\n") + 1);  // npos + 1 is 0
  if (std::none_of(text.begin(), text.end(), is_control)) return text;
  return dns::Error{source +
                    ": expected a token on one line, found a line end or another "
                    "character that no header can carry"};
}

dns::Result<std::string> read_token_file(const std::string& path, const std::string& variable) {
  const auto text = net::read_whole_file(path, kMostToken);
  if (!text.ok()) return dns::Error{variable + ": " + text.error().message};
  auto token = one_line(text.value(), variable + ": " + path);
  if (token.ok() && token.value().empty())
    return dns::Error{variable + ": " + path + ": expected a token, found an empty file"};
  return token;
}

}  // namespace upstream
