// Reads the upstream servers out of a resolv.conf text (resolv.conf(5)).
//
// Pure; reading and watching the file is the daemon's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dnsd/dns/address.h"

namespace upstream {

struct ResolvConf {
  std::vector<dns::SocketAddress> servers;  // in the file's order, each once
  std::vector<std::string> warnings;        // a sentence for each line left out, with its number
};

/// Takes every `nameserver` line but those that name one of `own`, our own
/// listen addresses, which would ask ourselves: a wildcard among them stands for
/// every loopback address. Lines of other keywords and comments are not looked at.
ResolvConf read_resolv_conf(std::string_view text, std::span<const dns::SocketAddress> own);

}  // namespace upstream
