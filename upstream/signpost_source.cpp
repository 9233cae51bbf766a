#include "upstream/signpost_source.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "upstream/printable.h"
#include "upstream/unloaded_share.h"

namespace upstream {
namespace {

constexpr int kUnchanged = 304;
constexpr int kFound = 200;
constexpr std::size_t kLongestTag = 100;  // in a sentence
// A relay that starts anew is back within a second or two.
constexpr dns::Milliseconds kFirstTry{500};
constexpr dns::Milliseconds kLongestTry{8'000};
// An unchanged content that is said so soon was not waited for: something on the way
// answers in the relay's place.
constexpr dns::Milliseconds kTooSoon{kRelayWait / 2};

/// Doubling, and from half of it to all by chance: the readers of one relay must not come
/// back at one moment.
dns::Milliseconds pause_after(unsigned failures, dns::Random& random) {
  const auto most = std::min(kFirstTry * (1U << std::min(failures - 1, 6U)), kLongestTry);
  const auto half = most.count() / 2;
  return dns::Milliseconds(
      half + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(half))));
}

std::string documents_url(std::string url) {
  while (url.ends_with('/')) url.pop_back();
  return url + "/v1/services";
}

void forget_origins(cache::SourceKnowledge& known) {
  for (auto& service : known.services) {
    auto changed = std::make_shared<cache::Service>(*service);
    changed->held_origin = 0;
    for (cache::Instance& instance : changed->instances) instance.origin = 0;
    service = std::move(changed);
  }
  for (cache::Record& record : known.records) record.origin = 0;
}

}  // namespace

SignpostSource::SignpostSource(Place place, net::HttpClient& client, net::Timers& timers,
                               dns::Random random, CatalogSink& sink)
    : place_(std::move(place)),
      documents_url_(documents_url(place_.url)),
      client_(client),
      timers_(timers),
      random_(random),
      sink_(sink),
      origins_(place_.own_id),
      services_(place_.zone) {}

SignpostSource::~SignpostSource() {
  client_.cancel(asked_);
  timers_.cancel(again_);
}

Freshness SignpostSource::freshness() const {
  // What the relay itself calls old is old.
  return {std::nullopt, reached_ ? dns::Milliseconds(0) : kRelayLost};
}

void SignpostSource::poll() {
  // After a failure the first word is that the relay is back, changed or not.
  const dns::Milliseconds wait = failures_ == 0 ? kRelayWait : dns::Milliseconds(0);
  net::HttpRequest request;
  request.url = documents_url_ + "?wait=" + std::to_string(wait.count()) + "ms";
  request.headers = {"Accept: application/json"};
  if (!tag_.empty()) request.headers.push_back("If-None-Match: " + tag_);
  asked_changes_ = takes_changes();
  if (asked_changes_) request.headers.push_back("A-IM: " + std::string(kRelayChanges));
  request.timeout = kRelayWait + kRelaySlack;
  request.max_body = kMaxRelayDocument;
  request.gzip = true;
  request.probed = true;
  ++counters_.requests;
  asked_at_ = timers_.now();
  asked_ = client_.send(std::move(request), [this](const net::HttpOutcome& outcome) {
    asked_ = 0;
    take(outcome);
  });
}

void SignpostSource::poll_after(dns::Milliseconds pause) {
  again_ = timers_.after(pause, [this] {
    again_ = 0;
    poll();
  });
}

/// The next request is on its way, or its timer set, before the sink hears of this one.
void SignpostSource::take(const net::HttpOutcome& outcome) {
  if (const auto* failure = std::get_if<net::HttpFailure>(&outcome))
    return away(failure->connected ? "no reply" : "no connection", failure->why);
  const auto& reply = std::get<net::HttpReply>(outcome);
  const std::string relay_id(reply.header("signpost-id"));
  if (relay_id == place_.own_id)
    return away("itself", documents_url_ + " is this very daemon; name another");
  const bool is_changes = reply.status == kRelayChangesStatus && asked_changes_;
  const bool answered =
      reply.status == kFound || is_changes || (reply.status == kUnchanged && !tag_.empty());
  if (!answered || relay_id.empty()) {
    return away("status " + std::to_string(reply.status),
                documents_url_ +
                    ": expected the catalog of a Signpost's control port, found status " +
                    std::to_string(reply.status) + (answered ? " without Signpost-Id" : ""));
  }
  relay_id_ = relay_id;
  if (reply.status == kUnchanged) return take_unchanged(relay_id);
  if (is_changes) return take_changes(reply);
  take_document(reply);
}

void SignpostSource::take_unchanged(const std::string& relay_id) {
  const bool too_soon = timers_.now() - asked_at_ < kTooSoon && failures_ == 0;
  origins_.rename_relay(relay_id);
  back();
  poll_after(too_soon ? kFirstTry : kRelayPause);
  tell_state();
}

void SignpostSource::take_document(const net::HttpReply& reply) {
  auto document = read_relay_document(reply.body, {documents_url_, place_.zone, 0});
  if (!document.ok()) return away(document.error().message, document.error().message);
  if (auto taken = take_sources(document.value().sources, reply); !taken.ok())
    return away(taken.error().message, documents_url_ + ": " + taken.error().message);
  tell(std::move(document.value().part));
}

dns::Result<dns::Done> SignpostSource::take_sources(const std::vector<RelayedSource>& sources,
                                                    const net::HttpReply& reply) {
  auto taken = origins_.take(sources, relay_id_);
  if (!taken.ok()) return taken;
  tag_ = reply.header("etag");
  reached_ = true;
  back();
  poll_after(kRelayPause);
  return taken;
}

bool SignpostSource::takes_changes() const {
  return !tag_.empty() && loaded_ && !origins_.incomplete() && no_changes_ != relay_id_;
}

void SignpostSource::take_changes(const net::HttpReply& reply) {
  const std::string base(reply.header("delta-base"));
  if (base != tag_ || reply.header("im") != kRelayChanges) {
    return cannot_take_changes(documents_url_ + ": expected what changed since " + tag_ +
                               ", found Delta-Base " + in_quotes(base, kLongestTag) + " and IM " +
                               in_quotes(reply.header("im"), kLongestTag));
  }
  auto document = read_relay_document(reply.body, {documents_url_, place_.zone, 0});
  if (!document.ok()) return cannot_take_changes(document.error().message);
  if (!document.value().part.records.empty())
    return cannot_take_changes(documents_url_ + ": expected no records among changes");
  if (auto taken = take_sources(document.value().sources, reply); !taken.ok())
    return cannot_take_changes(documents_url_ + ": " + taken.error().message);
  tell_changes(std::move(document).value());
}

/// Of this relay all is read whole from now on, as of one that does not know of changes.
void SignpostSource::cannot_take_changes(const std::string& why) {
  no_changes_ = relay_id_;
  tag_.clear();
  reached_ = true;
  poll_after(kRelayPause);
  if (std::exchange(told_, why) != why) sink_.failed(why);
}

/// Before anything was told, what stands is of an earlier run, with that run's numbers.
/// Returns whether a whole part stands.
bool SignpostSource::keep_unloaded(cache::CatalogPart& part) {
  cache::SourceKnowledge stands = sink_.known();
  if (!heard_) forget_origins(stands);
  keep_unloaded_share(part, stands, origins_);
  return stands.loaded;
}

/// Records have no deltas, so a change of them is told with everything.
void SignpostSource::tell(cache::CatalogPart part) {
  resolve_origins(part, origins_);
  const bool is_whole = !origins_.incomplete() || keep_unloaded(part);
  heard_ = true;
  if (!is_whole || (loaded_ && !services_.differ(part.records)))
    return tell_delta(services_.take(std::move(part.services)));
  loaded_ = true;
  services_.remember(part);
  note_told();
  part.trouble = trouble();
  sink_.loaded(std::move(part));
}

void SignpostSource::tell_changes(RelayDocument document) {
  auto gone = resolve_origins(document.part, origins_);
  gone.insert(gone.end(), document.gone.begin(), document.gone.end());
  tell_delta(services_.take_changes(std::move(document.part.services), gone));
}

void SignpostSource::tell_delta(cache::CatalogDelta delta) {
  if (delta.services.empty() && delta.gone.empty()) return tell_state();
  note_told();
  delta.trouble = trouble();
  sink_.changed(std::move(delta));
}

/// Nothing changed but, perhaps, whether all of it is good, and of which of its sources.
void SignpostSource::tell_state() {
  reached_ = true;
  const bool is_new = told_ != origins_.trouble() || told_origins_ != origins_.list();
  note_told();
  if (told_.empty()) return sink_.confirmed();
  if (is_new) sink_.failed(trouble());
}

void SignpostSource::note_told() {
  told_ = origins_.trouble();
  told_origins_ = origins_.list();
}

/// A sentence; empty: there is none.
std::string SignpostSource::trouble() const {
  return origins_.trouble().empty() ? "" : place_.url + ": " + origins_.trouble();
}

void SignpostSource::back() {
  failures_ = 0;
  origins_.set_away(false);
}

void SignpostSource::away(const std::string& kind, const std::string& why) {
  reached_ = false;
  origins_.set_away(true);
  poll_after(pause_after(++failures_, random_));
  if (std::exchange(told_, kind) == kind) return;
  sink_.failed(why);
}

}  // namespace upstream
