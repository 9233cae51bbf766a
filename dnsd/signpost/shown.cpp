#include "dnsd/signpost/shown.h"

#include <fmt/format.h>
#include <algorithm>

namespace signpost::tool {
namespace {

using Row = std::vector<std::string>;

std::vector<std::size_t> widths_of(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  return widths;
}

std::string line_of(const Row& row, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < row.size(); ++i) line += fmt::format("{:<{}}  ", row[i], widths[i]);
  while (line.ends_with(' ')) line.pop_back();
  return line + '\n';
}

}  // namespace

std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c >= ' ' && c <= '~') {
      out += c;
    } else {
      out += fmt::format("\\{:03}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string table(const std::vector<Row>& rows) {
  std::vector<Row> safe = rows;
  for (Row& row : safe) std::transform(row.begin(), row.end(), row.begin(), shown);
  const auto widths = widths_of(safe);
  std::string out;
  for (const Row& row : safe) out += line_of(row, widths);
  return out;
}

}  // namespace signpost::tool
