#include "dnsd/signpost/commands.h"

#include "cache/question_name.h"
#include "conf/check.h"
#include "dnsd/signpost/control_client.h"
#include "dnsd/signpost/dns_client.h"
#include "dnsd/signpost/explain_answer.h"
#include "dnsd/signpost/json_input.h"
#include "dnsd/signpost/lookup_answer.h"
#include "dnsd/signpost/services_answer.h"
#include "dnsd/signpost/text_records.h"
#include "upstream/http_lookup_url.h"

namespace signpost::tool {
namespace {

constexpr int kFound = 200;
constexpr int kBadRequest = 400;

using Reply = ControlClient::Reply;

/// What a control port says of `target`; the error: there is none, or it is not ours.
dns::Result<Reply> read_control(net::Loop& loop, const Options& options,
                                const std::string& target) {
  ControlClient client(loop, options.control);
  auto reply = client.get(target);
  if (!reply.ok() || reply.value().status == kFound || reply.value().status == kBadRequest)
    return reply;
  return dns::Error{client.url() + target + " answers with status " +
                    std::to_string(reply.value().status)};
}

std::string note_of(const Options& options) {
  return "read from the control port http://" + options.control.to_text();
}

std::string note_of(const DnsClient& client, const dns::Error& why) {
  return why.message + "; asked over DNS alone, of " + client.server();
}

/// `name` one label further down, or why there is no such name.
dns::Result<dns::Name> below(dns::Name name, std::string_view label) {
  if (name.push_front(label)) return name;
  return dns::Error{"the name " + name.to_text() + " is too long to ask for " + std::string(label) +
                    " below it"};
}

// ---- explain

dns::Result<Said> explain_over_dns(net::Loop& loop, const Options& options, const dns::Error& why) {
  const auto name = cache::question_name(options.name, options.zone);
  if (!name.ok()) return name.error();
  if (!dns::is_within(name.value().view(), options.zone.view())) {
    return dns::Error{why.message + "; over DNS alone only names below " + options.zone.to_text() +
                      " are explained"};
  }
  const auto asked = below(name.value(), "_explain");
  if (!asked.ok()) return asked.error();
  const dns::Question question{asked.value(), dns::Type::TXT, dns::Class::IN};
  DnsClient client(loop, options.server);
  const auto reply = client.ask(question);
  if (!reply.ok()) return dns::Error{why.message + "; " + reply.error().message};
  auto said = explain_answer(question, reply.value());
  if (said.ok()) said.value().notes.push_back(note_of(client, why));
  return said;
}

// ---- services

/// Each version's weight has an SRV question of its own.
dns::Result<dns::Done> ask_weights(DnsClient& client, const dns::Name& service,
                                   std::vector<ServiceRow>& rows) {
  for (ServiceRow& row : rows) {
    if (row.version.empty() && rows.size() > 1) continue;  // its name is that of all versions
    auto name = row.version.empty() ? dns::Result<dns::Name>(service)
                                    : dns::Name::from_text(row.version + "." + service.to_text());
    if (!name.ok()) continue;
    const auto reply = client.ask({name.value(), dns::Type::SRV, dns::Class::IN});
    if (!reply.ok()) return reply.error();
    row.weight = weight_in(reply.value());
  }
  return dns::Done{};
}

/// `_time._tcp.servicediscovery.internal.` as the catalog calls it: `time`.
std::string service_called(const dns::Name& type) {
  const std::string label(dns::first_label(type.view()));
  return label.starts_with('_') ? label.substr(1) : label;
}

dns::Result<Said> services_over_dns(DnsClient& client, const dns::Name& zone) {
  const auto types = dns::Name::from_text("_services._dns-sd._udp." + zone.to_text());
  if (!types.ok()) return types.error();
  const auto listed = client.ask({types.value(), dns::Type::PTR, dns::Class::IN});
  if (!listed.ok()) return listed.error();
  const dns::HeaderView header{listed.value().data()};
  if (header.rcode() != static_cast<std::uint8_t>(dns::Rcode::NOERROR)) {
    return dns::Error{"the server " + client.server() + " does not list its services: " +
                      dns::to_text(static_cast<dns::Rcode>(header.rcode()))};
  }
  std::vector<ServiceRow> all;
  for (const dns::Name& type : pointers_in(listed.value())) {
    const auto texts = client.ask({type, dns::Type::TXT, dns::Class::IN});
    if (!texts.ok()) return texts.error();
    auto rows = service_rows(service_called(type), texts.value());
    if (auto asked = ask_weights(client, type, rows); !asked.ok()) return asked.error();
    all.insert(all.end(), rows.begin(), rows.end());
  }
  return services_answer(std::move(all));
}

}  // namespace

dns::Result<Said> lookup(const Options& options) {
  const auto question = lookup_question(options);
  if (!question.ok()) return question.error();
  net::Loop loop;
  DnsClient client(loop, options.server);
  const auto reply = client.ask(question.value());
  if (!reply.ok()) return reply.error();
  return lookup_answer(question.value(), reply.value(), client.server());
}

dns::Result<Said> explain(const Options& options) {
  net::Loop loop;
  const auto reply =
      read_control(loop, options, "/v1/explain?name=" + upstream::percent_encode(options.name));
  if (!reply.ok()) return explain_over_dns(loop, options, reply.error());
  if (reply.value().status == kBadRequest) {
    const auto refusal = read_json(reply.value().body);
    return dns::Error{refusal ? text_at(*refusal, "error_message") : "the question was refused"};
  }
  auto said = explain_answer(reply.value().body);
  if (!said.ok()) return explain_over_dns(loop, options, said.error());
  said.value().notes.push_back(note_of(options));
  return said;
}

dns::Result<Said> services(const Options& options) {
  net::Loop loop;
  const auto reply = read_control(loop, options, "/v1/services");
  auto rows = reply.ok() ? service_rows(reply.value().body)
                         : dns::Result<std::vector<ServiceRow>>(reply.error());
  if (rows.ok()) {
    Said said = services_answer(std::move(rows).value());
    said.notes.push_back(note_of(options));
    return said;
  }
  DnsClient client(loop, options.server);
  auto said = services_over_dns(client, options.zone);
  if (!said.ok()) return dns::Error{rows.error().message + "; " + said.error().message};
  said.value().notes.push_back(note_of(client, rows.error()));
  return said;
}

Said check(const Options& options, const conf::Environment& environment) {
  conf::CommandLine line;
  line.config_file = options.file;
  const conf::Checked checked = conf::check(line, environment);
  Said said;
  said.status = checked.status;
  said.document = {{"file", options.file}, {"valid", checked.status == 0}, {"said", checked.text}};
  said.complaint = checked.text;
  return said;
}

}  // namespace signpost::tool
