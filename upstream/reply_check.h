// Is this the answer to what we asked? (RFC 5452, 9.1)
//
// The sender's address and port, and the port it came to, are matched by the
// socket; here ID, QR, opcode and question are. Then the message must be well
// formed to its last byte, the names in its records included.
//
// Records off the chain of CNAMEs from the question are let through, and harm
// nobody: the message is kept under its own question alone, and what this
// program reads out of ANSWER it reads along the chain (cache/answer_chain.h).
//
// Pure; allocates nothing.
#pragma once

#include "dnsd/dns/question.h"
#include "dnsd/dns/wire.h"
#include "upstream/letter_case.h"

namespace upstream {

enum class ReplyVerdict : std::uint8_t {
  good,         // NOERROR or NXDOMAIN
  truncated,    // TC=1; the rest may be cut anywhere and is not looked at
  next_server,  // SERVFAIL, REFUSED, another rcode, or malformed
  formerr,      // FORMERR, NOTIMP or BADVERS: EDNS may be what it did not like
  wrong_case,   // right but for the case of the question's letters: wait on
  not_ours,     // not the answer to this: wait on
};

/// An error without a question (some servers send the header alone) is taken
/// when ID and port match: it can only send us to the next server. `letters`: the
/// case in which the question was sent and must come back.
ReplyVerdict check_reply(dns::WireView message, std::uint16_t id, const dns::Question& asked,
                         LetterCase letters = {});

}  // namespace upstream
