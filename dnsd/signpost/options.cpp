#include "dnsd/signpost/options.h"

#include <CLI/CLI.hpp>

#include "cache/question_name.h"
#include "conf/units.h"

namespace signpost::tool {
namespace {

constexpr std::uint16_t kControlPort = 5380;

/// As they were written.
struct Words {
  std::string type;
  std::string zone = "servicediscovery.internal";
  std::string server = "127.0.0.1";
  std::string control = "127.0.0.1:5380";
};

void add_server(CLI::App& command, Words& words) {
  command.add_option("--server", words.server, "Ask this DNS server (default: 127.0.0.1)")
      ->type_name("ADDR[:PORT]");
  command
      .add_option("--zone", words.zone, "The daemon's zone (default: servicediscovery.internal)")
      ->type_name("NAME");
}

void add_control(CLI::App& command, Words& words) {
  command
      .add_option("--control", words.control, "Read this control port (default: 127.0.0.1:5380)")
      ->type_name("ADDR[:PORT]");
}

CLI::App& add_command(CLI::App& app, Options& options, Options::Command which, const char* name,
                      const char* what) {
  CLI::App& command = *app.add_subcommand(name, what);
  command.add_flag("--json", options.json, "Print one JSON document");
  command.callback([&options, which] { options.command = which; });
  return command;
}

/// `options` and `words` must outlive the app, which writes into them.
void describe(CLI::App& app, Options& options, Words& words) {
  using Command = Options::Command;
  app.set_version_flag("--version", "signpost " SIGNPOST_VERSION, "Print the version and exit");
  app.require_subcommand(1);
  CLI::App& lookup = add_command(app, options, Command::lookup, "lookup",
                                 "Ask over DNS; print what dig would, and what it means");
  lookup.add_option("NAME", options.name, "A name without a dot is of the zone")->required();
  lookup.add_option("TYPE", words.type, "Default: SRV in the zone, else A");
  add_server(lookup, words);
  CLI::App& explain = add_command(app, options, Command::explain, "explain",
                                  "Every instance: in or out, weight, health, why");
  explain.add_option("NAME", options.name, "Of the zone; absolute with a last dot")->required();
  add_control(explain, words);
  add_server(explain, words);
  CLI::App& services =
      add_command(app, options, Command::services, "services", "A table of the catalog");
  add_control(services, words);
  add_server(services, words);
  CLI::App& check = add_command(app, options, Command::check, "check",
                                "Say what is wrong with a configuration, as signpostd --check");
  check.add_option("FILE", options.file, "The configuration")->required();
}

dns::Error about(const char* flag, const dns::Error& error) {
  return dns::Error{std::string(flag) + ": " + error.message};
}

dns::Result<Options> read_words(Options options, const Words& words) {
  const auto zone = dns::Name::from_text(words.zone);
  if (!zone.ok()) return about("--zone", zone.error());
  const auto server = conf::upstream_from_text(words.server);
  if (!server.ok()) return about("--server", server.error());
  const auto control = dns::SocketAddress::from_text(words.control, kControlPort);
  if (!control.ok()) return about("--control", control.error());
  options.zone = zone.value();
  options.server = server.value();
  options.control = control.value();
  if (words.type.empty()) return options;
  options.type = dns::type_from_text(words.type);
  if (options.type) return options;
  return dns::Error{"expected a record type such as SRV, A or TXT, found '" + words.type + "'"};
}

bool is_relative(const std::string& name) {
  return name.find('.') == std::string::npos || name.ends_with("._tcp") || name.ends_with("._udp");
}

}  // namespace

dns::Result<Options> parse_options(int argc, const char* const* argv) {
  Options options;
  Words words;
  CLI::App app("Asks a Signpost daemon, and says what it means", "signpost");
  describe(app, options, words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    options.print = app.help();  // of the command, where one was named
  } catch (const CLI::CallForVersion& version) {
    options.print = version.what();
  } catch (const CLI::ParseError& error) {
    return dns::Error{std::string(error.what()) + "; --help lists what there is"};
  }
  if (options.print) {
    while (options.print->ends_with('\n')) options.print->pop_back();
    return options;
  }
  return read_words(std::move(options), words);
}

dns::Result<dns::Question> lookup_question(const Options& options) {
  const auto name = is_relative(options.name) ? cache::question_name(options.name, options.zone)
                                              : dns::Name::from_text(options.name);
  if (!name.ok()) return name.error();
  const bool ours = dns::is_within(name.value().view(), options.zone.view());
  const dns::Type type = options.type.value_or(ours ? dns::Type::SRV : dns::Type::A);
  return dns::Question{name.value(), type, dns::Class::IN};
}

}  // namespace signpost::tool
