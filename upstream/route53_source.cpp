#include "upstream/route53_source.h"

#include <algorithm>
#include <utility>

#include "upstream/aws_log.h"
#include "upstream/back_off.h"
#include "upstream/printable.h"
#include "upstream/route53_names.h"

namespace upstream {
namespace {

using dns::Milliseconds;

/// Half the interval more or less, so that many daemons do not ask at one moment.
Milliseconds jittered(Milliseconds interval, dns::Random& random) {
  const auto whole = static_cast<std::uint64_t>(interval.count());
  return interval / 2 + Milliseconds(random.below(whole + 1));
}

constexpr std::size_t kMostNamed = 3;

/// One sentence of many.
std::string in_short(const std::vector<std::string>& sentences) {
  std::string text;
  for (std::size_t i = 0; i < std::min(sentences.size(), kMostNamed); ++i) {
    text += (i > 0 ? "; " : "") + sentences[i];
  }
  const std::size_t more = sentences.size() - std::min(sentences.size(), kMostNamed);
  return more > 0 ? text + "; and " + std::to_string(more) + " more" : text;
}

}  // namespace

Route53Source::Route53Source(const conf::Catalog& catalog, dns::Name zone, Route53Endpoint endpoint,
                             Route53Tools tools, dns::Random random, CatalogSink& sink)
    : refresh_(catalog.refresh),
      wanted_zone_(catalog.zone.empty() ? zone.to_text() : catalog.zone),
      zone_(zone),
      sink_(sink),
      timers_(tools.timers),
      random_(random),
      api_(std::move(endpoint), tools.aws, tools.budget, tools.timers, dns::Random(random.next())),
      finder_(api_),
      reader_(api_),
      hosts_(tools.resolver, tools.timers, [this] { hosts_changed(); }),
      checks_(api_, tools.timers, [this] { checks_changed(); }) {
  known_.region = api_.endpoint().region;
}

Route53Source::~Route53Source() {
  timers_.cancel(again_);
  timers_.cancel(patience_);
}

void Route53Source::start() {
  read();
}

Freshness Route53Source::freshness() const {
  // What is known of hosts and health may be published later than the reading.
  const auto age = std::chrono::duration_cast<Milliseconds>(timers_.now() - read_at_);
  const Milliseconds good_for = 3 * std::max(refresh_, took_);
  return {std::max(good_for - age, Milliseconds(0)), {}};
}

void Route53Source::read() {
  began_ = timers_.now();
  if (is_hosted_zone_id(wanted_zone_)) known_.zone_id = without_path(wanted_zone_);
  if (!known_.zone_id.empty()) return read_sets();
  const auto name = route53_name(wanted_zone_);
  if (!name.ok()) return failed({"the catalog's zone: " + name.error().message, "", true});
  finder_.find(name.value(), [this](const Route53ZoneFinder::Outcome& outcome) { found(outcome); });
}

void Route53Source::found(const Route53ZoneFinder::Outcome& outcome) {
  if (const auto* failure = std::get_if<Route53Failure>(&outcome)) return failed(*failure);
  const auto& zone = std::get<Route53HostedZone>(outcome);
  aws_log()->info("route53: the hosted zone of {} is {} ({}{}{})", zone.name.to_text(),
                  printable(zone.id), zone.is_private ? "private" : "public",
                  zone.managed_by.empty() ? "" : ", managed by ", printable(zone.managed_by));
  known_.zone_id = zone.id;
  read_sets();
}

void Route53Source::read_sets() {
  reader_.read(known_.zone_id,
               [this](Route53Reader::Outcome outcome) { heard(std::move(outcome)); });
}

void Route53Source::heard(Route53Reader::Outcome outcome) {
  if (const auto* failure = std::get_if<Route53Failure>(&outcome)) {
    if (failure->code == "NoSuchHostedZone") known_.zone_id.clear();  // found anew by name
    return failed(*failure);
  }
  took(std::move(std::get<Route53Listing>(outcome)));
}

void Route53Source::took(Route53Listing listing) {
  read_at_ = timers_.now();
  took_ = std::chrono::duration_cast<Milliseconds>(read_at_ - began_);
  failures_ = 0;
  read_again_after(jittered(refresh_, random_));
  Route53Sets sets(std::move(listing.sets));
  const bool same = is_read_ && sets.all() == sets_.all();
  sets_left_out_ = std::move(listing.left_out);
  const bool held = std::exchange(is_held_, false);
  if (same && is_published_ && !held) {
    failure_.clear();
    return sink_.confirmed();
  }
  sets_ = std::move(sets);
  is_read_ = true;
  want_what_sets_name();
}

void Route53Source::failed(const Route53Failure& failure) {
  Milliseconds delay = back_off(++failures_, random_);
  if (failure.lasting) delay = std::max(delay, jittered(refresh_, random_));
  read_again_after(delay);
  if (std::exchange(failure_, failure.why) != failure.why) sink_.failed(failure.why);
}

void Route53Source::read_again_after(Milliseconds delay) {
  timers_.cancel(again_);
  again_ = timers_.after(delay, [this] {
    again_ = 0;
    read();
  });
}

void Route53Source::want_what_sets_name() {
  std::set<std::string> hosts, checks;
  for (const Route53RecordSet& set : sets_.all()) {
    if (!dns::is_within(set.owner, zone_.view())) continue;
    if (!set.health_check.empty()) checks.insert(set.health_check);
    const auto host = outside_host(set, known_.zone_id);
    if (host && !host->empty()) hosts.insert(*host);
  }
  is_gathering_ = true;
  checks_.want(std::move(checks));
  hosts_.want(std::move(hosts));
  is_gathering_ = false;
  if (is_published_ || hosts_.all_tried()) return publish();
  if (patience_ != 0) return;
  patience_ = timers_.after(kHostsPatience, [this] {
    patience_ = 0;
    publish();
  });
}

void Route53Source::hosts_changed() {
  if (is_gathering_ || is_held_) return;
  if (is_published_) return publish_details();
  if (is_read_ && hosts_.all_tried()) publish();
}

void Route53Source::checks_changed() {
  if (is_published_ && !is_gathering_ && !is_held_) publish_details();
}

/// A reading, or the first time that what it names is known.
void Route53Source::publish() {
  timers_.cancel(std::exchange(patience_, 0));
  auto part = make_part();
  if (!part) return;
  is_published_ = true;
  if (failures_ == 0) failure_.clear();
  sink_.loaded(std::move(*part));
  if (failures_ > 0) sink_.failed(failure_);  // it is no better than it was
}

void Route53Source::publish_details() {
  if (auto part = make_part()) sink_.detailed(std::move(*part));
}

/// Nothing, and said: no set of the hosted zone was ever inside ours.
std::optional<cache::CatalogPart> Route53Source::make_part() {
  known_.hosts = hosts_.addresses();
  known_.health = checks_.verdicts();
  Route53Part read = read_route53_sets(sets_, known_, zone_);
  if (read.inside == 0 && !is_published_) {
    failed({"expected record sets inside " + zone_.to_text() + " in hosted zone " +
                printable(known_.zone_id) +
                ", found none; check zone.name, and the "
                "catalog's zone",
            "", true});
    return std::nullopt;
  }
  read.left_out.insert(read.left_out.begin(), sets_left_out_.begin(), sets_left_out_.end());
  say_left_out(read.left_out);
  return std::move(read.part);
}

void Route53Source::say_left_out(const std::vector<std::string>& left_out) {
  const std::string text = in_short(left_out);
  if (std::exchange(left_out_, text) == text || text.empty()) return;
  aws_log()->warn("route53 {}: left out {} that make no sense: {}", printable(known_.zone_id),
                  left_out.size(), text);
}

}  // namespace upstream
