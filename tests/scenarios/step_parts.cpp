#include "tests/scenarios/steps.h"
#include "tests/support/zone_text.h"

namespace scenario {
namespace {

void add_record(Records& records, Words words, bool patterns) {
  auto* section = &records.answer;
  if (words.take_if("authority")) section = &records.authority;
  if (words.take_if("additional")) section = &records.additional;
  for (const std::string& text : expanded(std::string(words.rest()), words.line())) {
    const bool pattern = patterns && support::is_pattern(text);
    section->push_back(pattern ? text : words.value_of(support::normal_record(text)));
  }
}

}  // namespace

dns::Rcode take_rcode(Words& words) {
  const std::string_view word = words.next();
  for (unsigned code = 0; code <= 16; ++code) {
    const auto rcode = static_cast<dns::Rcode>(code);
    if (dns::to_text(rcode) == word) return words.take(""), rcode;
  }
  words.fail("expected NOERROR, NXDOMAIN, SERVFAIL or another rcode");
}

dns::Question question_of(const Words& words, std::string_view name, std::string_view type) {
  const auto known = dns::type_from_text(type);
  if (!known) words.fail("expected a type, found '" + std::string(type) + "' before");
  return {words.value_of(dns::Name::from_text(name)), *known, dns::Class::IN};
}

dns::Question take_question(Words& words) {
  const auto name = words.take("a name");
  return question_of(words, name, words.take("a type"));
}

Records take_records(Words& words, const Block& block, bool patterns) {
  Records records;
  if (!words.empty()) add_record(records, words, patterns);
  for (const Line& line : block.body) add_record(records, {line.text, line.number}, patterns);
  return records;
}

}  // namespace scenario
