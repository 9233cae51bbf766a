#include "tests/scenarios/player.h"

#include <algorithm>

#include "conf/parser.h"
#include "dnsd/dns/query.h"
#include "tests/scenarios/client_query.h"
#include "tests/scenarios/heard_reply.h"
#include "tests/support/records.h"
#include "upstream/loop_watch.h"
#include "upstream/query_writer.h"

namespace scenario {
namespace {

const Client kLoopback = dns::IpAddress::v4(0x7f000001U);
constexpr std::uint64_t kEverySecondLetter = 0xaaaaaaaaaaaaaaaa;

bool is_lower_case(const std::string& text) {
  return std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// The question's name, as it is spelled.
std::string name_in(const support::Asked& asked) {
  const std::string question = support::question_of(asked.message);
  return question.substr(0, question.find(' '));
}

std::string name_of(const Client& client) {
  return "client " + client.to_text();
}

std::string key_text(const CatalogIsAsked& asked) {
  return asked.service + (asked.version.empty() ? "" : "/" + asked.version);
}

}  // namespace

Player::Player(const Scenario& scenario) : scenario_(scenario) {}

std::string Player::set_up() {
  conf::Sources sources;
  sources.file = {"conf", scenario_.conf};
  auto read = conf::parse(sources);
  if (!read.ok()) return read.error().message;
  PlayedDaemon::Hearers hearers{
      [this](Reply reply) { note(std::move(reply)); },
      [this](CatalogIsAsked asked) { note(std::move(asked)); },
  };
  network_.mix_case(scenario_.mixed_case ? kEverySecondLetter : 0);
  daemon_ =
      std::make_unique<PlayedDaemon>(std::move(read).value().config, scenario_.in_flight,
                                     scenario_.loop_probes, network_, clock_, std::move(hearers));
  if (auto started = daemon_->start(); !started.ok()) return started.error().message;
  clock_.settle();
  note_asked();
  return "";
}

std::optional<Problem> Player::play() {
  if (std::string wrong = set_up(); !wrong.empty()) return Problem{scenario_.conf_line, wrong};
  for (const Step& step : scenario_.steps) {
    if (std::string wrong = play(step.what); !wrong.empty()) return Problem{step.line, wrong};
  }
  if (deeds_.empty()) return std::nullopt;
  return Problem{scenario_.steps.back().line, "after the last step: " + in_words(deeds_.front())};
}

/// Steps that expect something take it out of the line; before any other, the
/// line is empty.
std::string Player::play(const What& step) {
  const bool expects =
      std::holds_alternative<ClientHears>(step) || std::holds_alternative<ServerIsAsked>(step) ||
      std::holds_alternative<ServerIsProbed>(step) || std::holds_alternative<CatalogIsAsked>(step);
  if (!expects && !deeds_.empty()) return "before this: " + in_words(deeds_.front());
  std::string wrong = std::visit([this](const auto& what) { return act(what); }, step);
  if (expects || !wrong.empty()) return wrong;
  clock_.settle();
  note_asked();
  return "";
}

std::string Player::in_words(const Deed& deed) {
  if (const auto* reply = std::get_if<Reply>(&deed)) {
    return name_of(reply->client) + " hears " + to_text(reply->bytes);
  }
  if (const auto* asked = std::get_if<support::Asked>(&deed)) return "asked: " + asked->to_text();
  return "catalog is asked " + key_text(std::get<CatalogIsAsked>(deed));
}

// ---- clients

std::string Player::act(const ClientAsks& asks) {
  const dns::Wire bytes = bytes_of(asks, asks.id ? *asks.id : ++last_id_);
  sent_.push_back({asks.client, asks.tcp, bytes, most_bytes(asks)});
  daemon_->query(asks.client, asks.tcp, bytes);
  return "";
}

std::string Player::act(const ClientSends& sends) {
  sent_.push_back({sends.client, sends.tcp, sends.bytes, dns::kMaxMessage});
  daemon_->query(sends.client, sends.tcp, sends.bytes);
  return "";
}

std::string Player::act(const ClientHears& hears) {
  if (hears.nothing) return deeds_.empty() ? "" : "instead: " + in_words(deeds_.front());
  if (deeds_.empty()) return "nobody hears anything";
  const auto* reply = std::get_if<Reply>(&deeds_.front());
  if (reply == nullptr || reply->client != hears.client) {
    return "instead: " + in_words(deeds_.front());
  }
  std::string wrong = wrong_for_its_query(*reply);
  if (wrong.empty()) wrong = difference(reply->bytes, hears);
  if (!wrong.empty()) return wrong + "\n  in: " + in_words(deeds_.front());
  deeds_.pop_front();
  return "";
}

/// What every reply to its query must have, and fit into.
std::string Player::wrong_for_its_query(const Reply& reply) const {
  const auto its_query = [&](const Sent& sent) {
    return sent.client == reply.client && sent.tcp == reply.tcp && sent.bytes.size() >= 2 &&
           reply.bytes.size() >= 2 && std::equal(&sent.bytes[0], &sent.bytes[2], &reply.bytes[0]);
  };
  const auto query = std::find_if(sent_.rbegin(), sent_.rend(), its_query);
  if (query == sent_.rend()) return "a reply to a query that nobody sent";
  if (reply.bytes.size() > query->most) {
    return std::to_string(reply.bytes.size()) + " bytes, where the client takes " +
           std::to_string(query->most);
  }
  return wrong_for_any(reply.bytes, query->bytes);
}

// ---- what the daemon does

/// The network keeps its own line: what stands there came before.
void Player::note(Deed deed) {
  note_asked();
  deeds_.push_back(std::move(deed));
}

void Player::note_asked() {
  while (network_.anybody_asked()) {
    asked_.push_back(network_.next());
    deeds_.emplace_back(asked_.back());
  }
}

// ---- servers

std::string Player::act(const ServerIsAsked& expected) {
  if (deeds_.empty()) return "nobody is asked";
  const auto* asked = std::get_if<support::Asked>(&deeds_.front());
  if (asked == nullptr) return "instead: " + in_words(deeds_.front());
  dns::Query query;
  const bool read = dns::parse_query(asked->message, query) == dns::QueryVerdict::fine;
  const bool mixed = scenario_.mixed_case && !expected.tcp && !expected.lower_case;
  const bool right =
      read && is_lower_case(name_in(*asked)) != mixed && asked->server == expected.server &&
      (asked->over == support::Asked::Over::tcp) == expected.tcp &&
      query.question == expected.question && query.recursion_desired &&
      query.edns.present == expected.edns && query.edns.dnssec_ok == expected.dnssec_ok &&
      query.checking_disabled == expected.checking_disabled && !query.authentic_data &&
      query.edns.cookie_size == 0;
  if (!right) {
    return "instead: " + in_words(deeds_.front()) + (query.edns.present ? "" : " without edns") +
           (query.edns.dnssec_ok ? " do" : "") + (query.checking_disabled ? " cd" : "");
  }
  deeds_.pop_front();
  return "";
}

std::string Player::act(const ServerIsProbed& expected) {
  if (deeds_.empty()) return "nobody is asked";
  const auto* asked = std::get_if<support::Asked>(&deeds_.front());
  dns::Query query;
  const bool right = asked != nullptr && asked->server == expected.server &&
                     dns::parse_query(asked->message, query) == dns::QueryVerdict::fine &&
                     upstream::is_loop_probe(query.question.name.view());
  if (!right) return "instead: " + in_words(deeds_.front());
  deeds_.pop_front();
  return "";
}

const support::Asked* Player::asked_of(const dns::SocketAddress& server,
                                       const std::optional<dns::Question>& question) const {
  for (auto asked = asked_.rbegin(); asked != asked_.rend(); ++asked) {
    if (asked->server != server) continue;
    dns::Query query;
    dns::parse_query(asked->message, query);
    if (!question || query.question == *question) return &*asked;
  }
  return nullptr;
}

std::string Player::act(const ServerAnswers& answers) {
  using Bent = ServerAnswers::Bent;
  const support::Asked* asked = asked_of(answers.server, answers.to);
  if (asked == nullptr) return answers.server.to_text() + " was not asked";
  std::string question = answers.bent == Bent::question ? answers.other_question
                                                        : support::question_of(asked->message);
  if (answers.bent == Bent::lower_case) {
    dns::Query query;
    dns::parse_query(asked->message, query);
    question = dns::to_text(query.question);
  }
  const Records& records = answers.records;
  dns::Wire reply = support::message(
      question, {answers.rcode, records.answer, records.authority, records.additional, answers.edns,
                 answers.truncated, asked->id()});
  if (answers.authentic_data) reply[3] |= 0x20;
  if (answers.authoritative) reply[2] |= 0x04;
  if (answers.bent == Bent::id) dns::put16(reply.data(), asked->id() ^ 0x5555);
  if (answers.bent == Bent::malformed) dns::put16(&reply[6], 7);  // records that are not there
  if (answers.bent == Bent::port) {
    network_.deliver_at(*asked, asked->port + 1000, reply);
  } else {
    network_.deliver(*asked, reply);
  }
  return "";
}

std::string Player::act(const ServerActs& acts) {
  using Act = ServerActs::What;
  const support::Asked* asked = asked_of(acts.server, std::nullopt);
  const bool of_question =
      acts.what == Act::refuses || acts.what == Act::closes || acts.what == Act::loops;
  if (of_question && asked == nullptr) return acts.server.to_text() + " was not asked";
  switch (acts.what) {
    case Act::refuses:
      network_.refuse(*asked);
      break;
    case Act::closes:
      network_.hang_up(*asked);
      break;
    case Act::refuses_connections:
    case Act::takes_connections:
      network_.refuse_connections(acts.server, acts.what == Act::refuses_connections);
      break;
    case Act::is_cut_off:
    case Act::is_back:
      network_.cut_off(acts.server, acts.what == Act::is_cut_off);
      break;
    case Act::loops:
      sent_.push_back({kLoopback, false, asked->message, upstream::kUpstreamUdpSize});
      daemon_->query(kLoopback, false, asked->message);
      break;
  }
  return "";
}

// ---- catalogs

std::string Player::act(const FileSays& file) {
  return daemon_->catalogs().file_says(file);
}

std::string Player::act(const CatalogIsAsked& expected) {
  if (deeds_.empty()) return "the catalog is not asked";
  const auto* asked = std::get_if<CatalogIsAsked>(&deeds_.front());
  if (asked == nullptr || key_text(*asked) != key_text(expected)) {
    return "instead: " + in_words(deeds_.front());
  }
  deeds_.pop_front();
  return "";
}

std::string Player::act(const CatalogAnswers& answers) {
  return daemon_->catalogs().answer(answers);
}

// ---- time

std::string Player::act(const TimePasses& time) {
  clock_.advance(time.time);
  return "";
}

/// The line was found empty already.
std::string Player::act(const NobodyIsAsked&) {
  return "";
}

}  // namespace scenario
