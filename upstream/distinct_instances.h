// Makes the instances of one service one of their kind. Pure; any thread.
#pragma once

#include <vector>

#include "cache/instance.h"

namespace upstream {

/// Three things, in this order:
/// - an instance that is listed twice stays once, as first described: the same
///   host (letters fold), port and version, or, without a host, the same id;
/// - an id that is missing is made from host and port: `10.0.1.7:8081`;
/// - an id that another has already gets `-2`, `-3`, ... (letters fold, since ids are DNS
///   labels in DNS-SD).
/// The order stays.
void make_distinct(std::vector<cache::Instance>& instances);

}  // namespace upstream
