// What a block of a scenario says: one step, or, with ranges, several. Pure.
// Each throws a `Problem` when it cannot be read.
#pragma once

#include "tests/scenarios/blocks.h"
#include "tests/scenarios/scenario.h"
#include "tests/scenarios/words.h"

namespace scenario {

/// What follows `client`.
std::vector<What> read_client(Words& words, const Block& block);
/// What follows a server's address.
std::vector<What> read_server(const dns::SocketAddress& server, Words& words, const Block& block);
/// What follows `catalog`.
What read_catalog(Words& words, const Block& block);
/// What follows `time passes`.
What read_time(Words& words);

// ---- what they are made of

dns::Rcode take_rcode(Words& words);
/// NAME TYPE, in class IN.
dns::Question take_question(Words& words);
dns::Question question_of(const Words& words, std::string_view name, std::string_view type);
/// One on the step's own line, more below it. With `patterns`, `*` and `...` may
/// stand for words.
Records take_records(Words& words, const Block& block, bool patterns);

}  // namespace scenario
