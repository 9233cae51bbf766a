#include <array>

#include "tests/scenarios/steps.h"

namespace scenario {
namespace {

using Act = ServerActs::What;
using Bent = ServerAnswers::Bent;

constexpr std::array<std::pair<std::string_view, Act>, 7> kActs{{
    {"refuses connections", Act::refuses_connections},
    {"takes connections", Act::takes_connections},
    {"refuses", Act::refuses},
    {"closes", Act::closes},
    {"is cut off", Act::is_cut_off},
    {"is back", Act::is_back},
    {"leads back to us", Act::loops},
}};

std::vector<What> read_asked(const dns::SocketAddress& server, Words& words, int line) {
  ServerIsAsked asked;
  asked.server = server;
  const std::string name(words.take("a name"));
  const std::string type(words.take("a type"));
  asked.tcp = words.take_if("over tcp");
  asked.edns = !words.take_if("without edns");
  asked.dnssec_ok = words.take_if("do");
  asked.checking_disabled = words.take_if("cd");
  asked.lower_case = words.take_if("in lower case");
  words.expect_end("'over tcp', 'without edns', 'do', 'cd', 'in lower case', in this order");
  std::vector<What> steps;
  for (const std::string& one : expanded(name, line)) {
    asked.question = question_of(words, one, type);
    steps.emplace_back(asked);
  }
  return steps;
}

bool take_bent(ServerAnswers& answers, Words& words) {
  if (words.take_if("with wrong id")) {
    answers.bent = Bent::id;
  } else if (words.take_if("from another port")) {
    answers.bent = Bent::port;
  } else if (words.take_if("in lower case")) {
    answers.bent = Bent::lower_case;
  } else if (words.take_if("with question")) {
    answers.bent = Bent::question;
    answers.other_question = dns::to_text(take_question(words));
  } else {
    return false;
  }
  return true;
}

bool take_flag(ServerAnswers& answers, Words& words) {
  if (words.take_if("truncated")) return answers.truncated = true;
  if (words.take_if("ad")) return answers.authentic_data = true;
  if (words.take_if("aa")) return answers.authoritative = true;
  if (words.take_if("edns")) return answers.edns = true;
  return take_bent(answers, words);
}

ServerAnswers read_answers(const dns::SocketAddress& server, Words& words, const Block& block) {
  ServerAnswers answers;
  answers.server = server;
  if (words.take_if("to")) answers.to = take_question(words);
  if (words.take_if("malformed")) {
    answers.bent = Bent::malformed;
    words.expect_end("the end of the line");
    return answers;
  }
  answers.rcode = take_rcode(words);
  while (take_flag(answers, words)) {
  }
  answers.records = take_records(words, block, false);
  return answers;
}

}  // namespace

std::vector<What> read_server(const dns::SocketAddress& server, Words& words, const Block& block) {
  if (words.take_if("is probed")) {
    words.expect_end("the end of the line");
    return {ServerIsProbed{server}};
  }
  if (words.take_if("is asked")) return read_asked(server, words, block.head.number);
  if (words.take_if("answers")) return {read_answers(server, words, block)};
  for (const auto& [text, act] : kActs) {
    if (!words.take_if(text)) continue;
    words.expect_end("the end of the line");
    return {ServerActs{server, act}};
  }
  words.fail("expected what a server does");
}

}  // namespace scenario
