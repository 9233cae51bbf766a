#include "dnsd/signpost/lookup_answer.h"

#include <fmt/format.h>
#include <algorithm>

#include "dnsd/dns/message_reader.h"
#include "dnsd/signpost/shares.h"
#include "dnsd/signpost/shown.h"
#include "upstream/message_text.h"

namespace signpost::tool {
namespace {

using upstream::ExtendedErrorHeard;
using upstream::MessageText;

bool is(const ExtendedErrorHeard& error, dns::ExtendedError code) {
  return error.code == static_cast<std::uint16_t>(code);
}

/// Records in ANSWER of the type that was asked for; aliases on the way are none.
std::size_t records_asked_for(dns::WireView reply, dns::Type type) {
  std::size_t count = 0;
  dns::MessageReader reader(reply);
  dns::Question question;
  dns::RecordView record;
  if (!reader.read_question(question)) return 0;
  while (reader.next(record)) {
    const bool wanted = type == dns::Type::ANY || record.type == type;
    if (record.section == dns::Section::answer && wanted) ++count;
  }
  return count;
}

class Reading {
 public:
  Reading(const dns::Question& question, dns::WireView reply, MessageText text)
      : question_(question),
        text_(std::move(text)),
        shares_(shares_of(reply)),
        count_(records_asked_for(reply, question.type)) {}

  Said said(const std::string& server) const {
    return {status(), printed() + '\n' + meaning_text(), document(server), {}, {}};
  }

 private:
  int status() const {
    if (text_.rcode == dns::Rcode::NXDOMAIN) return nothing;
    if (text_.rcode != dns::Rcode::NOERROR) return failed;
    return count_ > 0 ? answered : nothing;
  }

  // ---- as dig prints it

  std::string printed() const {
    std::string out = text_.header + "\n\n;; QUESTION SECTION:\n;" + question_.name.to_text() +
                      " IN " + dns::to_text(question_.type) + '\n';
    print_section(out, "ANSWER", text_.answer);
    print_section(out, "AUTHORITY", text_.authority);
    print_section(out, "ADDITIONAL", text_.additional);
    if (!text_.errors.empty()) out += '\n';
    for (const ExtendedErrorHeard& error : text_.errors) {
      out += fmt::format(";; EDE: {} ({}): {}\n", error.code,
                         upstream::name_of_extended_error(error.code), shown(error.text));
    }
    return out;
  }

  static void print_section(std::string& out, const char* name,
                            const std::vector<std::string>& records) {
    if (records.empty()) return;
    out += fmt::format("\n;; {} SECTION:\n", name);
    for (const std::string& record : records) out += shown(record) + '\n';
  }

  // ---- what it means

  std::string outcome() const {
    switch (text_.rcode) {
      case dns::Rcode::NOERROR:
        break;
      case dns::Rcode::NXDOMAIN:
        return "there is no such name";
      case dns::Rcode::SERVFAIL:
        return "the server could not answer (SERVFAIL)";
      case dns::Rcode::REFUSED:
        return "the server refuses to answer (REFUSED)";
      default:
        return "the server answered with an error (" + dns::to_text(text_.rcode) + ")";
    }
    if (count_ == 0) return "the name exists, but has no such record";
    return fmt::format("{} record{}", count_, count_ == 1 ? "" : "s");
  }

  /// Only of an answer: who made an error is not known.
  std::string origin() const {
    if (text_.rcode != dns::Rcode::NOERROR && text_.rcode != dns::Rcode::NXDOMAIN) return "";
    return text_.authoritative ? "; the server answers for this name itself"
                               : "; the server heard it from upstream";
  }

  std::string sentence_of(const ExtendedErrorHeard& error) const {
    const std::string text = error.text.empty() ? "" : ": " + shown(error.text);
    if (is_stale(error)) return "the answer is stale" + text;
    if (is_fail_open(error)) return "fail open" + text;
    return upstream::name_of_extended_error(error.code) + text;
  }

  static bool is_stale(const ExtendedErrorHeard& error) {
    return is(error, dns::ExtendedError::STALE_ANSWER) ||
           is(error, dns::ExtendedError::STALE_NXDOMAIN);
  }

  /// As Signpost says that health is ignored (zone.md, flags and errors).
  bool is_fail_open(const ExtendedErrorHeard& error) const {
    return is(error, dns::ExtendedError::OTHER) && text_.authoritative && count_ > 0;
  }

  template <typename Is>
  bool some_error(Is is_one) const {
    return std::any_of(text_.errors.begin(), text_.errors.end(), is_one);
  }

  std::vector<std::string> meaning() const {
    std::vector<std::string> out{dns::to_text(question_) + ": " + outcome() + origin()};
    for (const ExtendedErrorHeard& error : text_.errors) out.push_back(sentence_of(error));
    if (text_.truncated) out.emplace_back("the answer is cut: not all of it could be had");
    return out;
  }

  std::string meaning_text() const {
    std::string out;
    for (const std::string& sentence : meaning()) out += sentence + '\n';
    if (shares_.empty()) return out;
    std::vector<std::vector<std::string>> rows{{"TRAFFIC", "TARGET", "PORT", "PRIORITY", "WEIGHT"}};
    for (const Share& share : shares_) {
      rows.push_back({share.stands_by ? "stands by" : percent_text(share.percent), share.target,
                      std::to_string(share.port), std::to_string(share.priority),
                      std::to_string(share.weight)});
    }
    return out + '\n' + table(rows);
  }

  // ---- for programs

  Json document(const std::string& server) const {
    Json out{
        {"question", {{"name", question_.name.to_text()}, {"type", dns::to_text(question_.type)}}},
        {"server", server},
        {"rcode", dns::to_text(text_.rcode)},
        {"authoritative", text_.authoritative},
        {"truncated", text_.truncated},
        {"answer", text_.answer},
        {"authority", text_.authority},
        {"additional", text_.additional},
        {"extended_errors", Json::array()},
        {"stale", some_error(is_stale)},
        {"fail_open", some_error([this](const auto& one) { return is_fail_open(one); })},
        {"shares", Json::array()},
        {"meaning", meaning()}};
    for (const ExtendedErrorHeard& error : text_.errors) {
      out["extended_errors"].push_back({{"code", error.code},
                                        {"name", upstream::name_of_extended_error(error.code)},
                                        {"text", error.text}});
    }
    for (const Share& share : shares_) out["shares"].push_back(document_of(share));
    return out;
  }

  static Json document_of(const Share& share) {
    return {{"target", share.target}, {"port", share.port},       {"priority", share.priority},
            {"weight", share.weight}, {"percent", share.percent}, {"stands_by", share.stands_by}};
  }

  const dns::Question& question_;
  MessageText text_;
  std::vector<Share> shares_;
  std::size_t count_;
};

}  // namespace

dns::Result<Said> lookup_answer(const dns::Question& question, dns::WireView reply,
                                const std::string& server) {
  auto text = upstream::message_text(reply);
  if (!text.ok()) return dns::Error{"the reply of " + server + ": " + text.error().message};
  return Reading(question, reply, std::move(text).value()).said(server);
}

}  // namespace signpost::tool
