// What a command has to say: to people, to programs, and as an exit status.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace signpost::tool {

using Json = nlohmann::ordered_json;

enum Status : int {
  answered = 0,
  nothing = 1,  // no such name, or no data; of check: the configuration is wrong
  failed = 2,   // nobody could be asked, or whoever was asked could not answer
};

// NOLINTNEXTLINE(bugprone-exception-escape): JSON that goes may allocate on its way
struct Said {
  int status = answered;
  std::string text;                // lines for a terminal: printable ASCII alone
  Json document;                   // what --json prints
  std::string complaint;           // lines for stderr as they stand, in place of `document`
  std::vector<std::string> notes;  // for stderr, a sentence each
};

}  // namespace signpost::tool
