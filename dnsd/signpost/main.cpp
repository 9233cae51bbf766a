// argv to a command, and what it has to say to the terminal: 0 an answer, 1 no such
// name or no data, 2 nobody could be asked, or whoever was could not answer.
#include <unistd.h>

#include <cstdio>
#include <exception>

#include "dnsd/signpost/commands.h"
#include "dnsd/signpost/shown.h"

namespace {

using namespace signpost::tool;

int complain(const std::string& why) {
  std::fprintf(stderr, "signpost: %s\n", shown(why).c_str());
  return failed;
}

dns::Result<Said> said_by(const Options& options) {
  switch (options.command) {
    case Options::Command::lookup:
      return lookup(options);
    case Options::Command::explain:
      return explain(options);
    case Options::Command::services:
      return services(options);
    case Options::Command::check:
      break;
  }
  return check(options, conf::copy_of(environ));
}

int say(const Said& said, bool json) {
  for (const std::string& note : said.notes) complain(note);
  const auto replace = Json::error_handler_t::replace;
  const std::string text = json ? said.document.dump(2, ' ', true, replace) + '\n' : said.text;
  if (!json) std::fputs(said.complaint.c_str(), stderr);
  const bool written = std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0;
  return written ? said.status : complain("its output could not be written");
}

int run(int argc, char** argv) {
  const auto options = parse_options(argc, argv);
  if (!options.ok()) return complain(options.error().message);
  if (options.value().print) {
    std::printf("%s\n", options.value().print->c_str());
    return answered;
  }
  const auto said = said_by(options.value());
  return said.ok() ? say(said.value(), options.value().json) : complain(said.error().message);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return complain(std::string("broken invariant: ") + error.what());
  }
}
