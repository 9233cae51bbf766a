#include <array>

#include "tests/scenarios/steps.h"
#include "tests/support/zone_text.h"

namespace scenario {
namespace {

template <typename Step>
using Flag = std::pair<std::string_view, bool Step::*>;

constexpr std::array<Flag<ClientAsks>, 3> kHeaderFlags{{
    {"tcp", &ClientAsks::tcp},
    {"cd", &ClientAsks::checking_disabled},
    {"ad", &ClientAsks::authentic_data},
}};
constexpr std::array<Flag<ClientAsks>, 3> kEdnsFlags{{
    {"edns", &ClientAsks::edns},
    {"do", &ClientAsks::dnssec_ok},
    {"keepalive", &ClientAsks::keepalive},
}};
constexpr std::array<Flag<ClientHears>, 6> kReplyFlags{{
    {"aa", &ClientHears::authoritative},
    {"tc", &ClientHears::truncated},
    {"ad", &ClientHears::authentic_data},
    {"in order", &ClientHears::in_order},
    {"cookie", &ClientHears::cookie},
    {"keepalive", &ClientHears::keepalive},
}};

template <typename Step, std::size_t N>
bool take_flag(Step& step, Words& words, const std::array<Flag<Step>, N>& flags) {
  for (const auto& [word, flag] : flags) {
    if (words.take_if(word)) return step.*flag = true;
  }
  return false;
}

bool take_header_flag(ClientAsks& asks, Words& words) {
  if (take_flag(asks, words, kHeaderFlags)) return true;
  if (const auto id = words.take_value("id")) {
    asks.id = words.number<std::uint16_t>(*id);
  } else if (words.take_if("rd=0")) {
    asks.recursion_desired = false;
  } else if (words.take_if("class=CH")) {
    asks.question.qclass = dns::Class::CH;
  } else {
    return false;
  }
  return true;
}

bool take_edns_flag(ClientAsks& asks, Words& words) {
  if (take_flag(asks, words, kEdnsFlags)) return asks.edns = true;
  if (const auto size = words.take_value("edns")) {
    asks.udp_size = words.number<std::uint16_t>(*size);
  } else if (const auto version = words.take_value("version")) {
    asks.version = words.number<std::uint8_t>(*version);
  } else if (words.take_if("cookie")) {
    asks.cookie = support::wire("'cookie00'");
  } else {
    return false;
  }
  return asks.edns = true;
}

std::vector<What> read_asks(const Client& client, Words& words, int line) {
  ClientAsks asks;
  asks.client = client;
  const std::string name(words.take("a name"));
  const std::string type(words.take("a type"));
  while (take_header_flag(asks, words) || take_edns_flag(asks, words)) {
  }
  words.expect_end("a flag of a query");
  std::vector<What> steps;
  for (const std::string& one : expanded(name, line)) {
    const dns::Question question = question_of(words, one, type);
    asks.name = one;
    asks.question.name = question.name;
    asks.question.type = question.type;
    steps.emplace_back(asks);
  }
  return steps;
}

ClientSends read_sends(const Client& client, Words& words) {
  ClientSends sends{client, words.take_if("tcp"), {}};
  if (!support::is_wire_text(words.rest())) words.fail("expected hex digits and 'text'");
  sends.bytes = support::wire(words.rest());
  return sends;
}

ClientHears read_hears(const Client& client, Words& words, const Block& block) {
  ClientHears hears;
  hears.client = client;
  hears.nothing = words.take_if("nothing");
  if (hears.nothing) return words.expect_end("the end of the line"), hears;
  hears.rcode = take_rcode(words);
  while (take_flag(hears, words, kReplyFlags)) {
  }
  if (words.take_if("ede")) {
    hears.extended_error = words.number<std::uint16_t>(words.take("an info code"));
    if (words.next().starts_with('"')) hears.extended_text = words.take_quoted();
  }
  hears.records = take_records(words, block, true);
  return hears;
}

/// `client`, `client 2`, `client 203.0.113.9`
Client take_client(Words& words) {
  const std::string_view word = words.next();
  if (word.find_first_of(".:") != std::string_view::npos) {
    return words.value_of(dns::IpAddress::from_text(words.take("")));
  }
  const bool number = !word.empty() && word.front() >= '0' && word.front() <= '9';
  const auto last = number ? words.number<std::uint8_t>(words.take("")) : 1;
  return dns::IpAddress::v4(0x7f000000U + last);
}

}  // namespace

std::vector<What> read_client(Words& words, const Block& block) {
  const Client client = take_client(words);
  if (words.take_if("asks")) return read_asks(client, words, block.head.number);
  if (words.take_if("sends")) return {read_sends(client, words)};
  if (words.take_if("hears")) return {read_hears(client, words, block)};
  words.fail("expected asks, sends or hears");
}

}  // namespace scenario
