#include "tests/scenarios/scenario.h"

#include <algorithm>
#include <functional>

#include "tests/scenarios/words.h"
#include "tests/support/zone_text.h"

namespace scenario {
namespace {

struct Line {
  int number = 0;
  std::string_view text;
};

/// A line at the margin, and those that are indented below it.
struct Block {
  Line head;
  std::vector<Line> body;
};

bool is_blank(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

std::vector<Block> blocks_of(std::string_view text) {
  std::vector<Block> blocks;
  for (int number = 1; !text.empty(); ++number) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (is_blank(line) || line.front() == '#') continue;
    if (line.front() != ' ') {
      blocks.push_back({{number, line}, {}});
    } else if (blocks.empty()) {
      throw Problem{number, "expected a step at the margin before an indented line"};
    } else {
      blocks.back().body.push_back({number, line});
    }
  }
  return blocks;
}

/// Without the first line's indentation, which a zone file would read as part of it.
std::string text_of(const std::vector<Line>& lines) {
  std::string text;
  const std::size_t indent = lines.empty() ? 0 : lines.front().text.find_first_not_of(' ');
  for (const Line& line : lines) {
    const std::size_t own = line.text.find_first_not_of(' ');
    text += std::string(line.text.substr(std::min(indent, own))) + '\n';
  }
  return text;
}

/// `[1-3]` in a text.
struct Range {
  std::size_t at = 0, size = 0;
  int first = 0, last = 0;
};

std::optional<Range> range_in(std::string_view text, const Words& words) {
  const std::size_t open = text.find('[');
  const std::size_t dash = text.find('-', open);
  const std::size_t close = text.find(']', open);
  if (open == std::string::npos || close == std::string::npos || dash > close) return {};
  return Range{open, close - open + 1, words.number<int>(text.substr(open + 1, dash - open - 1)),
               words.number<int>(text.substr(dash + 1, close - dash - 1))};
}

/// `n[1-3].example. A 10.0.0.[7-9]` as three texts; one without ranges as itself.
std::vector<std::string> expanded(const std::string& text, const Words& words) {
  const auto range = range_in(text, words);
  if (!range) return {text};
  std::vector<std::string> out;
  for (int step = 0; step <= range->last - range->first; ++step) {
    std::string one = text;
    while (const auto next = range_in(one, words)) {
      one.replace(next->at, next->size, std::to_string(next->first + step));
    }
    out.push_back(std::move(one));
  }
  return out;
}

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

dns::SocketAddress take_server(Words& words) {
  return words.value_of(dns::SocketAddress::from_text(words.take("an address"), 53));
}

// ---- records

void add_record(Records& records, Words words, bool patterns) {
  auto* section = &records.answer;
  if (words.take_if("authority")) section = &records.authority;
  if (words.take_if("additional")) section = &records.additional;
  for (const std::string& text : expanded(std::string(words.rest()), words)) {
    const bool pattern = patterns && support::is_pattern(text);
    section->push_back(pattern ? text : words.value_of(support::normal_record(text)));
  }
}

/// One on the step's own line, more below it.
Records records_of(Words& words, const Block& block, bool patterns) {
  Records records;
  if (!words.empty()) add_record(records, words, patterns);
  for (const Line& line : block.body) add_record(records, {line.text, line.number}, patterns);
  return records;
}

// ---- steps

class Parser {
 public:
  Scenario parse(std::string_view text) {
    for (const Block& block : blocks_of(text)) {
      Words words(block.head.text, block.head.number);
      read(words, block);
    }
    return std::move(scenario_);
  }

 private:
  using Reader = void (Parser::*)(Words&, const Block&);

  void read(Words& words, const Block& block) {
    if (words.take_if("conf")) return conf(block);
    if (words.take_if("time passes")) return time(words, block);
    if (words.take_if("nobody is asked")) return add(block, NobodyIsAsked{});
    if (words.take_if("client")) return client(words, block);
    if (words.take_if("catalog")) return catalog(words, block);
    if (words.next().find_first_of(".:") == std::string_view::npos) {
      words.fail("expected conf, client, catalog, time, nobody or a server's address");
    }
    server(take_server(words), words, block);
  }

  void add(const Block& block, What what) {
    const bool takes_lines =
        std::holds_alternative<ClientHears>(what) || std::holds_alternative<ServerAnswers>(what) ||
        std::holds_alternative<FileSays>(what) || std::holds_alternative<CatalogAnswers>(what);
    if (!takes_lines && !block.body.empty()) {
      throw Problem{block.body.front().number, "expected a step that takes indented lines"};
    }
    scenario_.steps.push_back({block.head.number, std::move(what)});
  }

  /// `upstream ADDRESS...`, `forward SUFFIX to ADDRESS...`, `in_flight N`, and
  /// `key = value` as in signpost.toml.
  void conf(const Block& block) {
    std::string upstreams;
    std::string zones;
    const auto list = [](Words& words) {
      std::string out;
      while (!words.empty()) out += "\"" + std::string(words.take("")) + "\",";
      return out;
    };
    scenario_.conf_line = block.head.number;
    for (const Line& line : block.body) {
      Words words(line.text, line.number);
      if (words.take_if("upstream")) {
        upstreams += list(words);
      } else if (words.take_if("forward")) {
        const std::string suffix(words.take("a suffix"));
        if (!words.take_if("to")) words.fail("expected 'to' and addresses");
        zones += "{suffix=\"" + suffix + "\",upstreams=[" + list(words) + "]},";
      } else if (words.take_if("in_flight")) {
        scenario_.in_flight = words.number<std::size_t>(words.take("a number"));
      } else {
        scenario_.conf += std::string(words.rest()) + '\n';
      }
    }
    scenario_.conf += "forward.upstreams = [" + upstreams + "]\nforward.zone = [" + zones + "]\n";
  }

  void time(Words& words, const Block& block) {
    std::string_view text = words.take("a time such as 1500ms or 2s");
    const bool milliseconds = text.ends_with("ms");
    if (!text.ends_with('s')) words.fail("expected a time such as 1500ms or 2s");
    text.remove_suffix(milliseconds ? 2 : 1);
    const auto count = words.number<std::int64_t>(text);
    words.expect_end();
    add(block, TimePasses{dns::Milliseconds(milliseconds ? count : count * 1000)});
  }

  static Client take_client(Words& words) {
    const std::string_view word = words.next();
    if (word.find_first_of(".:") != std::string_view::npos) {
      return words.value_of(dns::IpAddress::from_text(words.take("")));
    }
    const bool number = !word.empty() && word.front() >= '0' && word.front() <= '9';
    const auto last = number ? words.number<std::uint8_t>(words.take("")) : 1;
    return dns::IpAddress::v4(0x7f000000U + last);
  }

  void client(Words& words, const Block& block) {
    const Client who = take_client(words);
    if (words.take_if("asks")) return asks(who, words, block);
    if (words.take_if("sends")) return sends(who, words, block);
    if (words.take_if("hears")) return hears(who, words, block);
    words.fail("expected asks, sends or hears");
  }

  void asks(const Client& who, Words& words, const Block& block) {
    ClientAsks asks;
    asks.client = who;
    const std::string name(words.take("a name"));
    const std::string type(words.take("a type"));
    while (!words.empty()) ask_flag(asks, words);
    for (const std::string& one : expanded(name, words)) {
      const auto qclass = asks.question.qclass;
      asks.name = one;
      asks.question = question_of(words, one, type);
      asks.question.qclass = qclass;
      add(block, asks);
    }
  }

  static void ask_flag(ClientAsks& asks, Words& words) {
    const auto any_edns = [&] { asks.edns = true; };
    if (words.take_if("tcp")) return void(asks.tcp = true);
    if (words.take_if("rd=0")) return void(asks.recursion_desired = false);
    if (words.take_if("cd")) return void(asks.checking_disabled = true);
    if (words.take_if("ad")) return void(asks.authentic_data = true);
    if (words.take_if("class=CH")) return void(asks.question.qclass = dns::Class::CH);
    if (const auto id = words.take_value("id")) {
      return void(asks.id = words.number<std::uint16_t>(*id));
    }
    any_edns();
    if (words.take_if("edns")) return;
    if (words.take_if("do")) return void(asks.dnssec_ok = true);
    if (words.take_if("keepalive")) return void(asks.keepalive = true);
    if (words.take_if("cookie")) return void(asks.cookie = support::wire("'cookie00'"));
    if (const auto size = words.take_value("edns")) {
      return void(asks.udp_size = words.number<std::uint16_t>(*size));
    }
    if (const auto version = words.take_value("version")) {
      return void(asks.version = words.number<std::uint8_t>(*version));
    }
    words.fail("expected a flag of a query");
  }

  void sends(const Client& who, Words& words, const Block& block) {
    ClientSends sends{who, words.take_if("tcp"), {}};
    if (!support::is_wire_text(words.rest())) words.fail("expected hex digits and 'text'");
    sends.bytes = support::wire(words.rest());
    add(block, std::move(sends));
  }

  void hears(const Client& who, Words& words, const Block& block) {
    ClientHears hears;
    hears.client = who;
    if (words.take_if("nothing")) {
      hears.nothing = true;
      words.expect_end();
      return add(block, std::move(hears));
    }
    hears.rcode = take_rcode(words);
    while (hear_flag(hears, words)) {
    }
    hears.records = records_of(words, block, true);
    add(block, std::move(hears));
  }

  static bool hear_flag(ClientHears& hears, Words& words) {
    if (words.take_if("aa")) return hears.authoritative = true;
    if (words.take_if("tc")) return hears.truncated = true;
    if (words.take_if("ad")) return hears.authentic_data = true;
    if (words.take_if("in order")) return hears.in_order = true;
    if (words.take_if("cookie")) return hears.cookie = true;
    if (words.take_if("keepalive")) return hears.keepalive = true;
    if (!words.take_if("ede")) return false;
    hears.extended_error = words.number<std::uint16_t>(words.take("an info code"));
    if (words.next().starts_with('"')) hears.extended_text = words.take_quoted();
    return true;
  }

  void server(const dns::SocketAddress& who, Words& words, const Block& block) {
    using Act = ServerActs::What;
    if (words.take_if("is asked")) return is_asked(who, words, block);
    if (words.take_if("answers")) return answers(who, words, block);
    constexpr std::pair<std::string_view, Act> kActs[] = {
        {"refuses connections", Act::refuses_connections},
        {"takes connections", Act::takes_connections},
        {"refuses", Act::refuses},
        {"closes", Act::closes},
        {"is cut off", Act::is_cut_off},
        {"is back", Act::is_back}};
    for (const auto& [text, act] : kActs) {
      if (!words.take_if(text)) continue;
      words.expect_end();
      return add(block, ServerActs{who, act});
    }
    words.fail("expected what a server does");
  }

  void is_asked(const dns::SocketAddress& who, Words& words, const Block& block) {
    ServerIsAsked asked;
    asked.server = who;
    const std::string name(words.take("a name"));
    const std::string type(words.take("a type"));
    while (!words.empty()) {
      if (words.take_if("over tcp")) {
        asked.tcp = true;
      } else if (words.take_if("without edns")) {
        asked.edns = false;
      } else if (words.take_if("do")) {
        asked.dnssec_ok = true;
      } else if (words.take_if("cd")) {
        asked.checking_disabled = true;
      } else {
        words.fail("expected 'over tcp', 'without edns', 'do' or 'cd'");
      }
    }
    for (const std::string& one : expanded(name, words)) {
      asked.question = question_of(words, one, type);
      add(block, asked);
    }
  }

  void answers(const dns::SocketAddress& who, Words& words, const Block& block) {
    using Bent = ServerAnswers::Bent;
    ServerAnswers answers;
    answers.server = who;
    if (words.take_if("to")) answers.to = take_question(words);
    if (words.take_if("malformed")) {
      answers.bent = Bent::malformed;
      words.expect_end();
      return add(block, std::move(answers));
    }
    answers.rcode = take_rcode(words);
    for (bool more = true; more;) {
      more = true;
      if (words.take_if("truncated")) {
        answers.truncated = true;
      } else if (words.take_if("ad")) {
        answers.authentic_data = true;
      } else if (words.take_if("aa")) {
        answers.authoritative = true;
      } else if (words.take_if("edns")) {
        answers.edns = true;
      } else if (words.take_if("with wrong id")) {
        answers.bent = Bent::id;
      } else if (words.take_if("from another port")) {
        answers.bent = Bent::port;
      } else if (words.take_if("with question")) {
        const auto other = take_question(words);
        answers.bent = Bent::question;
        answers.other_question = dns::to_text(other);
      } else {
        more = false;
      }
    }
    answers.records = records_of(words, block, false);
    add(block, std::move(answers));
  }

  void catalog(Words& words, const Block& block) {
    if (words.take_if("is asked")) {
      const std::string_view key = words.take("a name");
      const std::size_t slash = std::min(key.find('/'), key.size());
      const std::string version(key.substr(std::min(slash + 1, key.size())));
      words.expect_end();
      return add(block, CatalogIsAsked{std::string(key.substr(0, slash)), version});
    }
    if (words.take_if("answers")) return catalog_answers(words, block);
    const bool named = words.next().find('.') != std::string_view::npos;
    const std::string file(named ? words.take("") : "services.toml");
    const bool broken = words.take_if("broken");
    words.expect_end();
    add(block, FileSays{file, text_of(block.body), broken});
  }

  void catalog_answers(Words& words, const Block& block) {
    using Answer = CatalogAnswers::What;
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
    words.expect_end();
    answers.text = text_of(block.body);
    add(block, std::move(answers));
  }

  Scenario scenario_;
};

}  // namespace

std::variant<Scenario, Problem> parse(std::string_view text) {
  try {
    return Parser().parse(text);
  } catch (Problem& problem) {
    return std::move(problem);
  }
}

}  // namespace scenario
