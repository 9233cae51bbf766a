#include "dnsd/signpost/explain_answer.h"

#include <fmt/format.h>
#include <algorithm>

#include "dnsd/signpost/json_input.h"
#include "dnsd/signpost/shown.h"
#include "dnsd/signpost/text_records.h"
#include "upstream/message_text.h"

namespace signpost::tool {
namespace {

using Rows = std::vector<std::vector<std::string>>;

constexpr const char* kUnknown = "-";  // a cell with nothing in it

std::string or_dash(const std::string& text) {
  return text.empty() ? kUnknown : text;
}

int status_of(const std::string& rcode, bool something) {
  if (rcode == "NOERROR" && something) return answered;
  return rcode.empty() || rcode == "NOERROR" || rcode == "NXDOMAIN" ? nothing : failed;
}

// ---- from the control port

std::string place_of(const Json& one) {
  const std::string host = text_at(one, "host");
  const std::string port = count_at(one, "port");
  if (host.empty()) return kUnknown;
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + (port.empty() ? "" : ":" + port);
}

/// What goes out, and from what it came about: `150 (300 x 0.5)`.
std::string weight_of(const Json& one) {
  return fmt::format("{} ({} x {:.2g})", or_dash(count_at(one, "weight")),
                     or_dash(count_at(one, "catalog_weight")), number_at(one, "factor"));
}

std::string source_of(const Json& one) {
  const std::string stale = text_at(one, "stale");
  return fmt::format("{}, {} s old{}", text_at(one, "source"), or_dash(count_at(one, "age")),
                     stale.empty() ? "" : ", stale: " + stale);
}

std::string table_of(const Json& instances) {
  Rows rows{{"INSTANCE", "VERSION", "PLACE", "STATE", "PRIORITY", "WEIGHT", "HEALTH", "SINCE",
             "WHY", "SOURCE"}};
  for (const Json& one : instances) {
    rows.push_back({text_at(one, "id"), or_dash(text_at(one, "version")), place_of(one),
                    truth_at(one, "in") ? "in" : "out", or_dash(count_at(one, "priority")),
                    weight_of(one), or_dash(text_at(one, "health")), count_at(one, "since") + " s",
                    text_at(one, "why"), source_of(one)});
  }
  return table(rows);
}

std::string outcome_of(const Json& document) {
  const std::string from = text_at(document, "from");
  if (from == "upstream") return "it is not ours, and no answer is remembered: upstream must say";
  const std::size_t count = list_at(document, "answer").size();
  return fmt::format("{}, {} record{}, from {}", text_at(document, "rcode"), count,
                     count == 1 ? "" : "s", from);
}

std::string errors_of(const Json& document) {
  std::string out;
  for (const Json& error : list_at(document, "extended_errors")) {
    out += shown(fmt::format("{}: {}", text_at(error, "name"), text_at(error, "text"))) + '\n';
  }
  return out;
}

std::string text_of(const Json& document) {
  const Json& question = list_at(document, "question");
  const Json& service = list_at(document, "service");
  const std::string held = text_at(service, "held");
  std::string out = shown(text_at(question, "name") + " " + text_at(question, "type") + ": " +
                          outcome_of(document)) +
                    '\n' + errors_of(document);
  if (truth_at(document, "fail_open")) out += "fail open: health is ignored for this service\n";
  if (!held.empty()) out += "held: " + shown(held) + '\n';
  const Json& instances = list_at(service, "instances");
  return instances.empty() ? out : out + '\n' + table_of(instances);
}

// ---- from DNS alone

/// `time-1 in: catalog says healthy ...` as cells: instance, state and why.
std::vector<std::string> cells_of(const std::string& sentence) {
  const std::size_t colon = std::min(sentence.find(" in: "), sentence.find(" out: "));
  if (colon == std::string::npos) return {kUnknown, kUnknown, sentence};
  const std::size_t state = colon + 1;
  const std::size_t end = sentence.find(": ", state);
  return {sentence.substr(0, colon), sentence.substr(state, end - state), sentence.substr(end + 2)};
}

std::vector<std::string> sentences_in(dns::WireView reply) {
  std::vector<std::string> out;
  for (const auto& strings : texts_in(reply)) {
    std::string sentence;
    for (const std::string& part : strings) sentence += part;
    out.push_back(std::move(sentence));
  }
  return out;
}

std::string table_of(const std::vector<std::string>& sentences) {
  Rows rows{{"INSTANCE", "STATE", "WHY"}};
  for (const std::string& sentence : sentences) rows.push_back(cells_of(sentence));
  return table(rows);
}

Json document_of(const dns::Question& question, const std::string& rcode,
                 const std::vector<std::string>& sentences) {
  Json out{{"question", {{"name", question.name.to_text()}, {"type", dns::to_text(question.type)}}},
           {"rcode", rcode},
           {"service", {{"instances", Json::array()}}}};
  for (const std::string& sentence : sentences) {
    const auto cells = cells_of(sentence);
    out["service"]["instances"].push_back(
        {{"id", cells[0]}, {"in", cells[1] == "in"}, {"why", cells[2]}});
  }
  return out;
}

}  // namespace

dns::Result<Said> explain_answer(std::string_view text) {
  auto document = read_json(text);
  if (!document || !list_at(*document, "question").is_object() ||
      text_at(*document, "from").empty())
    return dns::Error{"expected an explanation in JSON from the control port"};
  const bool something = !list_at(list_at(*document, "service"), "instances").empty() ||
                         !list_at(*document, "answer").empty();
  const int status = status_of(text_at(*document, "rcode"), something);
  std::string shown_text = text_of(*document);
  return Said{status, std::move(shown_text), std::move(*document), {}, {}};
}

dns::Result<Said> explain_answer(const dns::Question& question, dns::WireView reply) {
  const auto message = upstream::message_text(reply);
  if (!message.ok()) return message.error();
  const std::string rcode = dns::to_text(message.value().rcode);
  const auto sentences = sentences_in(reply);
  std::string text = dns::to_text(question) + ": " + rcode + '\n';
  for (const auto& error : message.value().errors)
    text += upstream::name_of_extended_error(error.code) + ": " + shown(error.text) + '\n';
  if (!sentences.empty()) text += '\n' + table_of(sentences);
  return Said{status_of(rcode, !sentences.empty()),
              std::move(text),
              document_of(question, rcode, sentences),
              {},
              {}};
}

}  // namespace signpost::tool
