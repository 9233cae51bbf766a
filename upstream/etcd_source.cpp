#include "upstream/etcd_source.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "upstream/back_off.h"
#include "upstream/skydns_intake.h"

namespace upstream {
namespace {

// What makes no sense is said five times in a minute, then counted.
constexpr unsigned kComplaints = 5;
constexpr dns::Seconds kComplaintsSpan{60};
// What has to be repeated sooner than this is paced like a failure.
constexpr dns::Milliseconds kCalm{10'000};

std::shared_ptr<spdlog::logger> logger() {
  auto own = spdlog::get("catalog");
  return own != nullptr ? own : spdlog::default_logger();
}

std::string name_of(const conf::Catalog& catalog) {
  return catalog.name.empty() ? "etcd:" + catalog.endpoints.front() : catalog.name;
}

std::string joined(const std::vector<std::string>& sentences) {
  std::string all;
  for (const std::string& sentence : sentences) all += (all.empty() ? "" : "; ") + sentence;
  return all;
}

}  // namespace

EtcdSource::EtcdSource(const conf::Catalog& catalog, const dns::Name& zone, net::HttpClient& http,
                       net::Timers& timers, dns::Random random, CatalogSink& sink)
    : name_(name_of(catalog)),
      range_(skydns_range(catalog.prefix, zone)),
      timers_(timers),
      random_(random),
      sink_(sink),
      client_(catalog, http, timers),
      pace_(kComplaints, kComplaintsSpan) {}

EtcdSource::~EtcdSource() {
  timers_.cancel(publish_timer_);
  timers_.cancel(again_);
  timers_.cancel(reread_);
  timers_.cancel(lost_);
}

void EtcdSource::list() {
  listing_ = std::make_unique<EtcdListing>(
      client_, range_, [this](const std::string& sentence) { complain(sentence); });
  listing_->start(
      [this](dns::Result<EtcdListing::Listed> listed) { take_list(std::move(listed)); });
}

void EtcdSource::read_again() {
  timers_.cancel(reread_);
  reread_ = timers_.after(kEtcdReread, [this] {
    reread_ = 0;
    if (listing_) return;
    watch_.reset();
    stood_.reset();
    reached_ = EtcdHeader();
    again_after(dns::Milliseconds(0));
  });
}

void EtcdSource::take_list(dns::Result<EtcdListing::Listed> listed) {
  listing_.reset();
  if (!listed.ok()) return fail(listed.error().message);
  tree_ = std::move(listed.value().tree);
  reached_ = std::move(listed.value().header);
  listed_ = published_ = alive_ = timers_.now();
  timers_.cancel(std::exchange(lost_, 0));
  touched_.clear();
  said_.clear();
  say_left_out();
  watch();
  sink_.loaded(tree_.part());
}

void EtcdSource::watch() {
  watch_ = std::make_unique<EtcdWatch>(
      client_, timers_, range_, reached_,
      EtcdWatch::Hearer{
          [this] { stand(); }, [this](const std::vector<EtcdEvent>& events) { change(events); },
          [this](EtcdWatch::End how, const std::string& why) { watch_over(how, why); }});
  watch_->start();
}

void EtcdSource::stand() {
  timers_.cancel(std::exchange(lost_, 0));
  failed_.clear();
  tried_ = 0;
  rounds_ = 0;
  if (!stood_) stood_ = timers_.now();
  if (!std::exchange(said_, "").empty()) sink_.confirmed();
}

void EtcdSource::change(const std::vector<EtcdEvent>& events) {
  for (const EtcdEvent& event : events) {
    const Intake intake = take_in(tree_, range_, event);
    if (!intake.bad.empty()) complain(intake.bad);
    for (std::string& service : services_of(intake.path)) touched_.insert(std::move(service));
  }
  if (!touched_.empty()) publish_soon();
}

/// At once, unless something was published a moment ago.
void EtcdSource::publish_soon() {
  if (publish_timer_ != 0) return;
  const dns::Time due = published_ + kEtcdGather;
  if (timers_.now() >= due) return publish();
  const auto delay = std::chrono::ceil<dns::Milliseconds>(due - timers_.now());
  publish_timer_ = timers_.after(delay, [this] {
    publish_timer_ = 0;
    publish();
  });
}

void EtcdSource::publish() {
  if (touched_.empty()) return;
  published_ = timers_.now();
  said_.clear();
  const std::vector<std::string> services(touched_.begin(), touched_.end());
  touched_.clear();
  sink_.changed(tree_.delta(services));
}

void EtcdSource::watch_over(EtcdWatch::End how, const std::string& why) {
  reached_ = watch_->reached();
  alive_ = std::max(alive_, watch_->heard());
  watch_.reset();
  if (how == EtcdWatch::End::gone) return list_anew(why);
  const bool stood_long = stood_ && timers_.now() - *stood_ >= kCalm;
  stood_.reset();
  lose(why);
  if (!stood_long) return fail(why);
  logger()->info("{}: {}: taken up again", name_, why);
  client_.next_endpoint();
  again_after(dns::Milliseconds(0));
}

/// What was read stays meanwhile. Soon after the last listing it waits: a
/// cluster that is compacted or changed all the time must not be read all the time.
void EtcdSource::list_anew(const std::string& why) {
  logger()->info("{}: {}: all keys are read anew", name_, why);
  reached_ = EtcdHeader();
  alive_ = timers_.now();
  listings_ = timers_.now() - listed_ >= kCalm ? 0 : listings_ + 1;
  again_after(listings_ == 0 ? dns::Milliseconds(0) : back_off(listings_, random_));
}

/// Unless it is back by then, what was read is old from then on.
void EtcdSource::lose(const std::string& why) {
  if (lost_ != 0 || !said_.empty()) return;
  lost_ = timers_.after(until_old(), [this, why] { say(why); });
}

dns::Milliseconds EtcdSource::until_old() const {
  const auto left = std::chrono::ceil<dns::Milliseconds>(alive_ + kEtcdStaleAfter - timers_.now());
  return std::max(left, dns::Milliseconds(0));
}

void EtcdSource::fail(const std::string& why) {
  if (std::find(failed_.begin(), failed_.end(), why) == failed_.end()) failed_.push_back(why);
  client_.next_endpoint();
  if (++tried_ < client_.endpoints()) return again_after(dns::Milliseconds(0));
  tried_ = 0;
  again_after(back_off(++rounds_, random_));
  say(joined(std::exchange(failed_, {})));
}

void EtcdSource::say(const std::string& why) {
  timers_.cancel(std::exchange(lost_, 0));
  if (std::exchange(said_, why) != why) sink_.failed(why);
}

void EtcdSource::again_after(dns::Milliseconds delay) {
  timers_.cancel(again_);
  again_ = timers_.after(delay, [this] {
    again_ = 0;
    reached_.revision == 0 ? list() : watch();
  });
}

void EtcdSource::complain(const std::string& sentence) {
  ++bad_keys_;
  if (!pace_.allows(timers_.now())) return;
  say_left_out();
  logger()->warn("{}: passed over {}", name_, sentence);
}

void EtcdSource::say_left_out() {
  const unsigned more = pace_.take_left_out();
  if (more > 0) logger()->warn("{}: passed over {} more keys", name_, more);
}

}  // namespace upstream
