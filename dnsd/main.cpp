// argv and environment to a Config, a Config to a Daemon, and its end to an
// exit code: 0 clean stop, 1 bad configuration, 2 cannot listen, 3 broken invariant.
#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>

#include "conf/check.h"
#include "dnsd/daemon.h"
#include "dnsd/log.h"

namespace {

enum Exit : int { clean = 0, bad_configuration = 1, cannot_listen = 2, broken_invariant = 3 };

int fail(Exit code, const dns::Error& error) {
  std::fprintf(stderr, "%s\n", error.message.c_str());
  return code;
}

int serve(const conf::CommandLine& line, const conf::Environment& environment,
          conf::Loaded loaded) {
  signpost::set_up_log(loaded.config.log);
  for (const std::string& warning : loaded.warnings) signpost::logger("daemon")->warn(warning);
  signpost::Daemon daemon(std::move(loaded.config), [&] { return conf::load(line, environment); });
  if (auto opened = daemon.open(); !opened.ok()) return fail(cannot_listen, opened.error());
  daemon.run();
  return clean;
}

int run(int argc, char** argv) {
  auto line = conf::parse_command_line(argc, argv);
  if (!line.ok()) return fail(bad_configuration, line.error());
  if (line.value().print) {
    std::printf("%s\n", line.value().print->c_str());
    return clean;
  }
  const conf::Environment environment = conf::copy_of(environ);
  if (line.value().check) {
    const conf::Checked checked = conf::check(line.value(), environment);
    std::fputs(checked.text.c_str(), stderr);
    return checked.status;
  }
  auto loaded = conf::load(line.value(), environment);
  if (!loaded.ok()) return fail(bad_configuration, loaded.error());
  return serve(line.value(), environment, std::move(loaded).value());
}

}  // namespace

int main(int argc, char** argv) {
  // A broken invariant ends in abort(), wherever it is found; supervisors see 3.
  std::signal(SIGABRT, [](int) { std::_Exit(broken_invariant); });
  mallopt(M_ARENA_MAX, 2);  // a worker's arena of its own would keep what the others could use
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "signpostd: broken invariant: %s\n", error.what());
    return broken_invariant;
  }
}
