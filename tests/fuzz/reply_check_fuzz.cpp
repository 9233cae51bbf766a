// Replies from upstream: the check, the stored form, and a round trip through
// the answer cache. The question is taken from the message itself, so that
// inputs get past the match.
#include <cstdlib>

#include "cache/answer_cache.h"
#include "dnsd/dns/message_reader.h"
#include "upstream/reply_check.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

/// Walks a message that was let through: it must be whole.
void require_whole(dns::WireView message) {
  dns::MessageReader reader(message);
  dns::Question question;
  dns::RecordView record;
  require(reader.read_question(question));
  while (reader.next(record)) {
  }
  require(reader.whole());
}

void round_trip(const dns::Question& question, const cache::StoredForm& form) {
  static cache::AnswerCache answers(4U << 20U);
  static dns::Wire room(dns::kMaxMessage);
  const auto key = cache::AnswerKey::of(question, false, false);
  const dns::Time now{dns::Seconds(1000)};
  cache::CachedAnswer out;
  answers.erase(key.name);
  answers.insert(key, form, now);
  const auto found = answers.copy(key, now, room, out);
  require(found == (form.ttl.count() > 0 ? cache::Lookup::hit : cache::Lookup::miss));
  if (found == cache::Lookup::miss) return;
  require(dns::Wire(room.begin(), room.begin() + static_cast<long>(out.size)) == form.wire);
  require(answers.copy(key, now + form.ttl - dns::Seconds(1), room, out) == cache::Lookup::hit);
  require_whole({room.data(), out.size});
  answers.addresses(key, now);
  dns::Question below = question;
  if (below.name.push_front("below")) {
    const auto covered = answers.copy(cache::AnswerKey::of(below, false, false), now, room, out);
    if (covered == cache::Lookup::hit) require_whole({room.data(), out.size});
  }
  require(answers.copy(key, now + form.ttl, room, out) == cache::Lookup::miss);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const dns::WireView message(data, size);
  dns::MessageReader reader(message);
  dns::Question question;
  if (!reader.read_question(question)) {
    upstream::check_reply(message, size >= 2 ? dns::get16(data) : std::uint16_t{0}, question);
    return 0;
  }
  const auto verdict = upstream::check_reply(message, dns::get16(data), question);
  const auto form = cache::stored_form(message, dns::Seconds(86400));
  if (verdict != upstream::ReplyVerdict::good) return 0;
  require_whole(message);
  require_whole(form.wire);
  if (question.type != cache::kAnyType) round_trip(question, form);
  return 0;
}
