#include "upstream/letter_case.h"

#include <algorithm>

#include "dnsd/dns/message_reader.h"

namespace upstream {

bool LetterCase::stands_at(dns::WireView message, std::size_t at, const dns::Name& name) const {
  if (at + name.size() > message.size()) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (message[at + i] != sent(name, i)) return false;
  }
  return true;
}

void restore_case(dns::WireSpan message, const dns::Name& name, LetterCase letters) {
  if (!letters.mixed()) return;
  const auto restore = [&](std::size_t at) {
    if (!letters.stands_at(message, at, name)) return;
    std::copy_n(name.data(), name.size(), message.begin() + static_cast<std::ptrdiff_t>(at));
  };
  restore(dns::kHeaderSize);
  dns::MessageReader reader(message);
  if (!reader.skip_question()) return;
  dns::RecordView record;
  while (reader.next(record)) restore(record.owner_at);
}

}  // namespace upstream
