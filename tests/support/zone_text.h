// Records as zone text, brought to one form so that they can be compared; and
// bytes as text (wire_text.h) that may be wrong.
#pragma once

#include <string>
#include <string_view>

#include "dnsd/dns/result.h"
#include "tests/support/wire_text.h"

namespace support {

/// The record as ldns writes it, or what is wrong with it.
dns::Result<std::string> normal_record(const std::string& text);

/// Whether `text` has a word `*` or ends in `...`: it stands for many records.
bool is_pattern(std::string_view text);

/// Whether a record is what a pattern, or another record, says. `*` is any
/// word, `...` at the end any rest.
bool matches(std::string_view record, std::string_view pattern);

/// Whether wire() can read it.
bool is_wire_text(std::string_view text);

}  // namespace support
