// What `signpost` does: each command asks whom it must, and hands back what there is
// to say. Where there is no control port, DNS alone is asked, and a note says so.
#pragma once

#include "conf/environment.h"
#include "dnsd/dns/result.h"
#include "dnsd/signpost/options.h"
#include "dnsd/signpost/said.h"

namespace signpost::tool {

/// The error says why nobody could be asked.
dns::Result<Said> lookup(const Options& options);
dns::Result<Said> explain(const Options& options);
dns::Result<Said> services(const Options& options);
/// Reads the file, and `environment` as the daemon would.
Said check(const Options& options, const conf::Environment& environment);

}  // namespace signpost::tool
