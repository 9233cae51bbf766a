// The words after `signpost`, and what they mean.
//
// Pure.
#pragma once

#include <optional>
#include <string>

#include "conf/config.h"
#include "dnsd/dns/question.h"
#include "dnsd/dns/result.h"

namespace signpost::tool {

struct Options {
  enum class Command : std::uint8_t { lookup, explain, services, check };
  Command command = Command::lookup;
  std::optional<std::string> print;  // --help, --version: print this and exit with 0
  bool json = false;
  std::string name;               // of lookup and explain, as it was written
  std::optional<dns::Type> type;  // of lookup
  std::string file;               // of check
  dns::Name zone;
  conf::Upstream server;
  dns::SocketAddress control;
};

/// An error names the word that was not understood.
dns::Result<Options> parse_options(int argc, const char* const* argv);

/// What `lookup` asks for. A name without a dot, or one that ends in `._tcp` or `._udp`, is of the
/// zone; others are absolute. Without a type it is SRV in the zone, else A.
dns::Result<dns::Question> lookup_question(const Options& options);

}  // namespace signpost::tool
