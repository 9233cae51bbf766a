#include "tests/scenarios/steps.h"

namespace scenario {
namespace {

using Answer = CatalogAnswers::What;

CatalogIsAsked read_asked(Words& words) {
  const std::string key(words.take("a name"));
  words.expect_end("the end of the line");
  const std::size_t slash = key.find('/');
  if (slash == std::string::npos) return {key, ""};
  return {key.substr(0, slash), key.substr(slash + 1)};
}

CatalogAnswers read_answers(Words& words, const Block& block) {
  CatalogAnswers answers;
  if (words.take_if("found")) {
    answers.what = Answer::found;
    if (const auto ttl = words.take_value("ttl")) answers.ttl = words.number<std::uint32_t>(*ttl);
  } else if (words.take_if("unavailable")) {
    answers.what = Answer::unavailable;
    answers.why = words.take_quoted();
  } else if (words.take_if("unreachable")) {
    answers.what = Answer::unreachable;
    answers.why = words.take_quoted();
  } else if (!words.take_if("absent")) {
    words.fail("expected found, absent, unavailable or unreachable");
  }
  words.expect_end("the end of the line");
  answers.text = text_of(block.body);
  return answers;
}

}  // namespace

What read_catalog(Words& words, const Block& block) {
  if (words.take_if("is asked")) return read_asked(words);
  if (words.take_if("answers")) return read_answers(words, block);
  FileSays says;
  const bool named = words.next().find('.') != std::string_view::npos;
  says.file = named ? words.take("") : "services.toml";
  says.broken = words.take_if("broken");
  words.expect_end("a file's name, 'broken', 'is asked' or 'answers'");
  says.text = text_of(block.body);
  return says;
}

What read_time(Words& words) {
  std::string_view text = words.take("a time such as 1500ms or 2s");
  const bool milliseconds = text.ends_with("ms");
  if (!text.ends_with('s')) words.fail("expected a time such as 1500ms or 2s");
  text.remove_suffix(milliseconds ? 2 : 1);
  const auto count = words.number<std::int64_t>(text);
  words.expect_end("the end of the line");
  return TimePasses{dns::Milliseconds(milliseconds ? count : count * 1000)};
}

}  // namespace scenario
