#include "tests/scenarios/heard_reply.h"

#include <algorithm>

#include "dnsd/dns/query.h"
#include "tests/support/edns_of.h"
#include "tests/support/records.h"
#include "tests/support/zone_text.h"

namespace scenario {
namespace {

using Texts = std::vector<std::string>;

std::string yes_no(std::string_view what, bool found) {
  return (found ? "unexpected " : "expected ") + std::string(what);
}

std::string joined(const Texts& texts) {
  std::string out;
  for (const auto& text : texts) out += "\n    " + text;
  return out.empty() ? " nothing" : out;
}

bool same(Texts found, const Texts& expected, bool in_order) {
  if (found.size() != expected.size()) return false;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    const auto here = [&](const auto& text) { return support::matches(text, expected[i]); };
    const auto at = in_order ? found.begin() : std::find_if(found.begin(), found.end(), here);
    if (at == found.end() || !here(*at)) return false;
    found.erase(at);
  }
  return true;
}

std::string section_differs(const char* name, const Texts& found, const Texts& expected,
                            bool in_order) {
  if (same(found, expected, in_order)) return "";
  return std::string("expected ") + name + joined(expected) + "\n  found" + joined(found);
}

std::string option_differs(dns::WireView reply, const ClientHears& expected) {
  const auto edns = support::edns_of(reply).value_or(support::EdnsSeen{});
  const auto cookie = edns.option(dns::EdnsOption::COOKIE);
  const auto keepalive = edns.option(dns::EdnsOption::TCP_KEEPALIVE);
  if (cookie.has_value() != expected.cookie) return yes_no("cookie", cookie.has_value());
  if (cookie && cookie->size() != 24) return "expected a cookie of 24 bytes";
  if (keepalive.has_value() != expected.keepalive) return yes_no("keepalive", !!keepalive);
  const std::string told = edns.extended_error();
  if (told.empty() != !expected.extended_error) return yes_no("ede " + told, !told.empty());
  if (told.empty()) return "";
  const bool right = told.starts_with(std::to_string(*expected.extended_error) + " ") &&
                     told.find(expected.extended_text) != std::string::npos;
  return right ? "" : "another ede: " + told;
}

std::string flag_differs(dns::HeaderView header, const ClientHears& expected) {
  if (header.authoritative() != expected.authoritative) return yes_no("aa", header.authoritative());
  if (header.truncated() != expected.truncated) return yes_no("tc", header.truncated());
  if (header.authentic_data() != expected.authentic_data) {
    return yes_no("ad", header.authentic_data());
  }
  return "";
}

}  // namespace

std::string wrong_for_any(dns::WireView reply, dns::WireView query) {
  const dns::HeaderView header{reply.data()};
  const dns::HeaderView asked{query.data()};
  if (reply.size() < dns::kHeaderSize || !header.is_response()) return "no reply";
  if (header.id() != asked.id()) return "the ID is not the query's";
  if (header.opcode() != asked.opcode()) return "the opcode is not the query's";
  if (header.recursion_desired() != asked.recursion_desired()) return "RD is not the query's";
  if (header.checking_disabled() != asked.checking_disabled()) return "CD is not the query's";
  if ((header.bytes[3] & 0x80) == 0) return "RA is not set";
  dns::Query read;
  const auto verdict = dns::parse_query(query, read);
  const auto question = read.raw_question;
  if (verdict == dns::QueryVerdict::malformed) return "";
  const auto echoed =
      reply.subspan(dns::kHeaderSize, std::min(reply.size() - dns::kHeaderSize, question.size()));
  if (!std::equal(echoed.begin(), echoed.end(), question.begin(), question.end())) {
    return "the question is not as the client spelled it";
  }
  const bool has_opt = support::edns_of(reply).has_value();
  if (has_opt != read.edns.present) return yes_no("OPT", has_opt);
  return "";
}

std::string difference(dns::WireView reply, const ClientHears& expected) {
  const dns::Rcode rcode = support::rcode_of(reply);
  if (rcode != expected.rcode) return "expected " + dns::to_text(expected.rcode);
  std::string out = flag_differs(dns::HeaderView{reply.data()}, expected);
  if (out.empty()) out = option_differs(reply, expected);
  const auto compare = [&](const char* name, const Texts& found, const Texts& wanted) {
    if (out.empty()) out = section_differs(name, found, wanted, expected.in_order);
  };
  compare("answer", support::answers_of(reply), expected.records.answer);
  compare("authority", support::authorities_of(reply), expected.records.authority);
  compare("additional", support::additionals_of(reply), expected.records.additional);
  return out;
}

std::string to_text(dns::WireView reply) {
  const dns::HeaderView header{reply.data()};
  std::string out = dns::to_text(support::rcode_of(reply));
  if (header.authoritative()) out += " aa";
  if (header.truncated()) out += " tc";
  if (header.authentic_data()) out += " ad";
  const auto edns = support::edns_of(reply);
  if (edns && !edns->extended_error().empty()) out += " ede " + edns->extended_error();
  for (const auto& text : support::answers_of(reply)) out += "\n    " + text;
  for (const auto& text : support::authorities_of(reply)) out += "\n    authority " + text;
  for (const auto& text : support::additionals_of(reply)) out += "\n    additional " + text;
  return out;
}

}  // namespace scenario
