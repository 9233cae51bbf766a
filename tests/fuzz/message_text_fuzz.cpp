// A message as people read it: whatever the bytes, text that a terminal may be shown.
#include <algorithm>
#include <cstdlib>

#include "upstream/message_text.h"

namespace {

bool is_plain(char c) {
  return c >= ' ' && c <= '~';
}

void require_plain(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (!std::all_of(line.begin(), line.end(), is_plain)) std::abort();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto read = upstream::message_text({data, size});
  if (!read.ok()) return 0;
  require_plain(read.value().answer);
  require_plain(read.value().authority);
  require_plain(read.value().additional);
  for (const auto& error : read.value().errors) upstream::name_of_extended_error(error.code);
  return 0;
}
