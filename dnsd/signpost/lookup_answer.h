// What a DNS reply says: as dig prints it, and what it means.
//
// Pure.
#pragma once

#include "dnsd/dns/question.h"
#include "dnsd/dns/result.h"
#include "dnsd/dns/wire.h"
#include "dnsd/signpost/said.h"

namespace signpost::tool {

/// `server` is who answered. The error says that the reply is no DNS message.
dns::Result<Said> lookup_answer(const dns::Question& question, dns::WireView reply,
                                const std::string& server);

}  // namespace signpost::tool
