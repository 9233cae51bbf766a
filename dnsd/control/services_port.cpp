#include "dnsd/control/services_port.h"

#include <algorithm>

#include "cache/service_name.h"
#include "conf/units.h"
#include "dnsd/control/refusal.h"
#include "dnsd/net/gzip.h"
#include "upstream/signpost_source.h"

namespace signpost {
namespace {

constexpr std::string_view kPath = "/v1/services";
static_assert(kUnasked > upstream::kRelayWait, "a reader that waits is not forgotten");
constexpr int kUnchanged = 304;

/// The name in `/v1/services/{name}`; empty: all of them.
std::string_view name_in(std::string_view path) {
  return path.size() > kPath.size() ? path.substr(kPath.size() + 1) : std::string_view();
}

/// Whether one of the tags that the client knows is this.
bool knows(const net::HttpQuestion& question, const std::string& tag) {
  const std::string* known = net::find_field(question.headers, "if-none-match");
  return known != nullptr && (*known == "*" || known->find('"' + tag + '"') != known->npos);
}

/// The tag that the client names first; empty: none.
std::string_view known_tag(const net::HttpQuestion& question) {
  const std::string* known = net::find_field(question.headers, "if-none-match");
  const std::size_t from = known == nullptr ? std::string::npos : known->find('"');
  if (from == std::string::npos) return {};
  return std::string_view(*known).substr(from + 1, known->find('"', from + 1) - from - 1);
}

/// Whether a list of codings or manipulations has this one, and not as one to avoid.
bool lists(const std::string* list, std::string_view wanted) {
  std::string_view rest = list != nullptr ? std::string_view(*list) : std::string_view();
  while (!rest.empty()) {
    std::string_view one = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), one.size() + 1));
    one.remove_prefix(std::min(one.size(), one.find_first_not_of(" \t")));
    const std::string_view name = one.substr(0, one.find_first_of("; \t"));
    const std::size_t weight = one.find("q=");
    if (name == wanted)
      return weight == one.npos || one.find_first_of("123456789", weight) != one.npos;
  }
  return false;
}

bool takes_changes(const net::HttpQuestion& question) {
  return lists(net::find_field(question.headers, "a-im"), upstream::kRelayChanges);
}

// Weak: the ages in a document move on, its content does not.
std::string weak(std::string_view tag) {
  return "W/\"" + std::string(tag) + '"';
}

bool takes_gzip(const net::HttpQuestion& question) {
  return lists(net::find_field(question.headers, "accept-encoding"), "gzip");
}

/// How long to wait for a change; nothing said is not at all.
dns::Result<dns::Milliseconds> wait_of(const net::HttpQuestion& question) {
  const std::string* text = net::find_field(question.query, "wait");
  if (text == nullptr) return dns::Milliseconds(0);
  const auto wait = conf::duration_from_text(*text);
  if (!wait.ok()) return dns::Error{"wait: " + wait.error().message};
  if (wait.value() <= kLongestWait) return wait.value();
  return dns::Error{"wait: expected at most " + conf::to_text(kLongestWait) + ", found " + *text};
}

}  // namespace

ServicesPort::ServicesPort(net::Timers& timers, std::function<Picture()> picture, std::string id)
    : timers_(timers),
      picture_(std::move(picture)),
      id_(std::move(id)),
      polls_(
          timers,
          [this](const net::HttpQuestion& question) -> std::optional<net::HttpAnswer> {
            auto now = answer_now(question);
            return now.status == kUnchanged ? std::nullopt : std::optional(std::move(now));
          },
          [this](const net::HttpQuestion& question) { return answer_now(question); }) {}

bool ServicesPort::takes(std::string_view path) {
  return path == kPath || (path.starts_with(kPath) && path[kPath.size()] == '/');
}

void ServicesPort::answer(net::HttpQuestion question, net::HttpAnswerer answerer) {
  if (question.method != "GET" && question.method != "HEAD")
    return answerer.answer(wrong_method(question));
  const auto wait = wait_of(question);
  if (!wait.ok()) return answerer.answer(refusal(400, wait.error().message));
  if (may_be_looked_at_later(question, wait.value())) {
    polls_.add({std::move(question), std::move(answerer)}, wait.value());
    return polls_.changed();
  }
  auto now = answer_now(question);
  if (now.status != kUnchanged || wait.value().count() == 0) return answerer.answer(std::move(now));
  polls_.add({std::move(question), std::move(answerer)}, wait.value());
}

/// Whether it waits anyhow for what would have to be found out now: with all others
/// who wait, at their pace.
bool ServicesPort::may_be_looked_at_later(const net::HttpQuestion& question,
                                          dns::Milliseconds wait) const {
  const bool waits =
      wait.count() > 0 && net::find_field(question.headers, "if-none-match") != nullptr;
  return waits && !followed_ && name_in(question.path).empty();
}

ServicesPort::~ServicesPort() {
  timers_.cancel(ageing_);
  timers_.cancel(unasked_);
}

void ServicesPort::changed() {
  followed_ = false;
  made_.reset();
  since_.clear();
  polls_.changed();
  if (history_.begun() && unasked_ == 0) {
    unasked_ = timers_.after(kUnasked, [this] {
      unasked_ = 0;
      history_.forget();
      followed_ = false;
    });
  }
  notice_ageing();
}

/// When one of the sources becomes old, that too is a change.
void ServicesPort::notice_ageing() {
  timers_.cancel(std::exchange(ageing_, 0));
  const Picture picture = picture_();
  dns::Time next = dns::Time::max();
  for (const cache::SourceInfo& source : picture.table->sources()) {
    if (source.old_from > picture.now) next = std::min(next, source.old_from);
  }
  if (next == dns::Time::max()) return;
  const auto until = std::chrono::ceil<dns::Milliseconds>(next - picture.now);
  ageing_ = timers_.after(until, [this] {
    ageing_ = 0;
    changed();
  });
}

net::HttpAnswer ServicesPort::answer_now(const net::HttpQuestion& question) {
  const std::string_view name = name_in(question.path);
  return name.empty() ? whole(question) : one(question, name);
}

DocumentContent ServicesPort::content_of(const Picture& picture) {
  return {*picture.table, picture.zone.view(), picture.now, picture.origins_of};
}

/// Finds out the tag of what is published now. What a source hears of its own sources may
/// change beside the table.
void ServicesPort::follow() {
  const Picture picture = picture_();
  const DocumentContent content = content_of(picture);
  if (followed_ && history_.has_sources_of(content)) return;
  made_.reset();
  since_.clear();
  if (!history_.go_on(content, picture.table)) {
    ServicesDocument document = services_document(content);
    history_.begin(content, picture.table, document.print);
    made_ = made_of(std::move(document.text));
  }
  followed_ = true;
  timers_.cancel(std::exchange(unasked_, 0));
}

net::HttpAnswer ServicesPort::whole(const net::HttpQuestion& question) {
  follow();
  if (knows(question, history_.tag())) return unchanged(history_.tag());
  if (auto changes = changes_alone(question)) return *std::move(changes);
  if (!made_) {
    const Picture picture = picture_();
    made_ = made_of(services_document(content_of(picture)).text);
  }
  return answer_of(*made_, question, history_.tag());
}

/// Nothing: the client does not take them alone, or they are not known.
std::optional<net::HttpAnswer> ServicesPort::changes_alone(const net::HttpQuestion& question) {
  const std::string_view known = known_tag(question);
  if (known.empty() || !takes_changes(question)) return std::nullopt;
  auto made = since_.find(known);
  if (made == since_.end()) {
    const auto services = history_.since(known);
    if (!services) return std::nullopt;
    const Picture picture = picture_();
    made = since_.emplace(known, made_of(changes_document(content_of(picture), *services))).first;
  }
  net::HttpAnswer answer = answer_of(made->second, question, history_.tag());
  answer.status = upstream::kRelayChangesStatus;
  answer.headers.emplace_back("IM", upstream::kRelayChanges);
  answer.headers.emplace_back("Delta-Base", weak(known));
  return answer;
}

net::HttpAnswer ServicesPort::one(const net::HttpQuestion& question, std::string_view name) {
  const Picture picture = picture_();
  const auto owner = cache::name_under(cache::canonical_service(name), picture.zone);
  const cache::Node* node = owner ? picture.table->find(owner->view()) : nullptr;
  if (node == nullptr || !node->service || !node->service->known)
    return refusal(404, "no service is called " + std::string(name));
  ServicesDocument document = service_document(content_of(picture), *node);
  if (knows(question, document.tag)) return unchanged(document.tag);
  Made made = made_of(std::move(document.text));
  return answer_of(made, question, document.tag);
}

ServicesPort::Made ServicesPort::made_of(std::string text) {
  return {std::make_shared<const std::string>(std::move(text)), nullptr};
}

net::HttpAnswer ServicesPort::unchanged(const std::string& tag) const {
  net::HttpAnswer answer;
  answer.status = kUnchanged;
  answer.headers = headers(tag);
  return answer;
}

net::HttpAnswer ServicesPort::answer_of(Made& made, const net::HttpQuestion& question,
                                        const std::string& tag) const {
  net::HttpAnswer answer;
  answer.headers = headers(tag);
  answer.shared_body = made.text;
  if (!takes_gzip(question)) return answer;
  if (!made.gzip) made.gzip = std::make_shared<const std::string>(net::gzip(*made.text));
  answer.shared_body = made.gzip;
  answer.headers.emplace_back("Content-Encoding", "gzip");
  return answer;
}

net::HttpFields ServicesPort::headers(const std::string& tag) const {
  return {{"ETag", weak(tag)}, {"Signpost-Id", id_}, {"Vary", "Accept-Encoding, A-IM"}};
}

}  // namespace signpost
