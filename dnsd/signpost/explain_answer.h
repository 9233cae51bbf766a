// Every instance of a name, and why it is in or out: from what the control port says
// (its form stands in dnsd/control/explain_document.h), or from `_explain` TXT.
//
// Pure.
#pragma once

#include <string_view>

#include "dnsd/dns/question.h"
#include "dnsd/dns/result.h"
#include "dnsd/dns/wire.h"
#include "dnsd/signpost/said.h"

namespace signpost::tool {

/// The error says that it is no explanation.
dns::Result<Said> explain_answer(std::string_view document);
/// The same from the reply to `question`, which is `_explain.NAME TXT`.
dns::Result<Said> explain_answer(const dns::Question& question, dns::WireView reply);

}  // namespace signpost::tool
