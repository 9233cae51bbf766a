#include "dnsd/control/explain_port.h"

#include <memory>

#include "cache/question_name.h"
#include "dnsd/control/refusal.h"

namespace signpost {
namespace {

dns::Result<dns::Name> name_of(const net::HttpQuestion& question, const dns::Name& zone) {
  const std::string* text = net::find_field(question.query, "name");
  if (text == nullptr || text->empty())
    return dns::Error{"name: expected a name, as in /v1/explain?name=time&type=SRV"};
  auto name = cache::question_name(*text, zone);
  if (!name.ok()) return dns::Error{"name: " + name.error().message};
  return name;
}

dns::Result<dns::Type> type_of(const net::HttpQuestion& question) {
  const std::string* text = net::find_field(question.query, "type");
  if (text == nullptr) return dns::Type::SRV;
  const auto type = dns::type_from_text(*text);
  if (type) return *type;
  return dns::Error{"type: expected a record type such as SRV, A or TYPE65280, found '" + *text +
                    "'"};
}

}  // namespace

void ExplainPort::answer(const net::HttpQuestion& question, net::HttpAnswerer answerer) const {
  if (question.method != "GET" && question.method != "HEAD")
    return answerer.answer(wrong_method(question));
  const auto name = name_of(question, zone_());
  if (!name.ok()) return answerer.answer(refusal(400, name.error().message));
  const auto type = type_of(question);
  if (!type.ok()) return answerer.answer(refusal(400, type.error().message));
  const auto later = std::make_shared<net::HttpAnswerer>(std::move(answerer));
  explain_({name.value(), type.value(), dns::Class::IN}, question.peer.ip,
           [later](const Explained& explained) {
             net::HttpAnswer answer;
             answer.body = explain_document(explained);
             later->answer(std::move(answer));
           });
}

}  // namespace signpost
