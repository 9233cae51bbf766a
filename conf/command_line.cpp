#include "conf/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "conf/nearest.h"

namespace conf {
namespace {

void add_repeatable(CLI::App& app, const char* flag, std::vector<std::string>& values,
                    const char* what, const char* placeholder) {
  app.add_option(flag, values, what)->type_name(placeholder)->allow_extra_args(false);
}

void add_one(CLI::App& app, const char* flag, std::optional<std::string>& value, const char* what,
             const char* placeholder) {
  app.add_option(flag, value, what)->type_name(placeholder);
}

/// `line` must outlive the app, which writes into it.
void describe(CLI::App& app, CommandLine& line) {
  app.set_version_flag("--version", "signpostd " SIGNPOST_VERSION, "Print the version and exit");
  app.add_option(
         "--config", line.config_file,
         std::string("Read this configuration (default: ") + kUsualFile + ", if it is there)")
      ->type_name("FILE");
  app.add_flag("--check", line.check, "Say what is wrong with the configuration and exit");
  add_repeatable(app, "--listen", line.listen, "Listen on this address; repeatable", "ADDR");
  add_repeatable(app, "--upstream", line.upstreams, "Forward to this server; repeatable", "ADDR");
  add_repeatable(app, "--catalog", line.catalogs,
                 "Read this catalog: file:PATH, http+catalog:URL, http+service:URL, "
                 "route53:ZONE, etcd:URL, signpost:URL or builtin:PATH; repeatable",
                 "SPEC");
  add_one(app, "--control", line.control, "The control port's address, or none", "ADDR");
  add_one(app, "--log-level", line.log_level, "trace, debug, info, warn, error or off", "L");
  add_one(app, "--log-format", line.log_format, "text or json", "text|json");
}

std::vector<std::string> flags_of(const CLI::App& app) {
  std::vector<std::string> flags;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) flags.push_back("--" + name);
  }
  return flags;
}

/// A word that is neither a flag nor a flag's value.
dns::Error stray(const std::vector<std::string>& words, const CLI::App& app) {
  const auto is_flag = [](const std::string& word) { return word.starts_with('-'); };
  auto word = std::ranges::find_if(words, is_flag);
  if (word == words.end()) word = words.begin();
  const std::string flag = word->substr(0, word->find('='));
  const std::string hint = did_you_mean(flag, flags_of(app));
  return dns::Error{"expected a flag of signpostd, found '" + flag + "'" +
                    (hint.empty() ? "; --help lists them" : hint)};
}

}  // namespace

dns::Result<CommandLine> parse_command_line(int argc, const char* const* argv) {
  CommandLine line;
  CLI::App app("A small local DNS daemon that answers from a service catalog", "signpostd");
  describe(app, line);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    line.print = app.help();
    while (line.print->ends_with('\n')) line.print->pop_back();
  } catch (const CLI::CallForVersion& version) {
    line.print = version.what();
  } catch (const CLI::ExtrasError&) {
    return stray(app.remaining(), app);
  } catch (const CLI::ParseError& error) {
    return dns::Error{std::string(error.what()) + "; --help lists every flag"};
  }
  return line;
}

}  // namespace conf
