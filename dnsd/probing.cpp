#include "dnsd/probing.h"

#include <algorithm>

#include "dnsd/log.h"
#include "dnsd/net/curl_client.h"
#include "dnsd/net/kernel_random.h"
#include "upstream/printable.h"

namespace signpost {
namespace {

/// Results that come together are published together.
constexpr dns::Milliseconds kTogether{5};
/// Between two tables at least this many times what the first took: publishing stays a tenth of the
/// thread's time.
constexpr int kPublishingPart = 10;
constexpr dns::Milliseconds kLongestRest{500};
/// Lines of one table's news, and bytes of a line.
constexpr std::size_t kMostNews = 20;
constexpr std::size_t kLongestNews = 400;

upstream::Prober::Aims aims_of(const cache::TableService& service, const conf::Probe& how) {
  upstream::Prober::Aims aims;
  for (const cache::TableInstance& instance : service.instances) {
    const cache::Instance& told = *instance.told;
    const std::uint16_t port = how.port != 0 ? how.port : told.port;
    if (instance.target.empty() || port == 0 || told.status == cache::Status::draining) continue;
    aims[cache::instance_key(told)] = {told.host, port};
  }
  return aims;
}

}  // namespace

Probing::Probing(net::Loop& loop, cache::Catalog& catalog, net::HostResolver& resolver,
                 std::function<void()> publish)
    : loop_(loop),
      catalog_(catalog),
      publish_(std::move(publish)),
      network_(
          loop,
          [this, &resolver]() -> net::HttpClient& {
            if (!http_) http_ = std::make_unique<net::CurlClient>(loop_, resolver);
            return *http_;
          },
          resolver),
      prober_(loop, network_, dns::Random(net::KernelRandom().next64()),
              [this](const auto& owner, const auto& instance, const auto& result) {
                seen(owner, instance, result);
              },
              {}) {}

Probing::~Probing() {
  loop_.cancel(timer_);
}

void Probing::follow(const cache::CatalogTable& table) {
  for (const std::string& owner : catalog_.made()) follow(table, owner);
  tell_news();
  publish_at(catalog_.next_due());
}

void Probing::follow(const cache::CatalogTable& table, const std::string& owner) {
  const cache::Node* node = table.find(owner);
  const cache::TableService* service = node != nullptr ? node->service.get() : nullptr;
  const conf::Probe* how = service != nullptr ? catalog_.probe_of(service->name) : nullptr;
  if (how == nullptr) return prober_.forget(owner);
  prober_.watch(owner, *how, aims_of(*service, *how), service->asked_mark);
}

void Probing::seen(const std::string& owner, const std::string& instance,
                   const cache::ProbeResult& result) {
  const bool changed = catalog_.probed(owner, instance, result, loop_.now());
  publish_at(changed ? loop_.now() + kTogether : catalog_.next_due());
}

void Probing::tell_news() {
  const std::vector<std::string> news = catalog_.news();
  const std::size_t told = std::min(news.size(), kMostNews);
  for (std::size_t i = 0; i < told; ++i)
    logger("health")->info(upstream::printable(news[i], kLongestNews));
  if (news.size() > told) logger("health")->info("and {} more", news.size() - told);
}

void Probing::publish_at(dns::Time when) {
  if (when == dns::Time::max() || earliest_ == dns::Time::max()) return;
  when = std::max(when, earliest_);
  if (timer_ != 0 && timer_at_ <= when) return;
  loop_.cancel(timer_);
  timer_at_ = when;
  const auto pause = std::chrono::ceil<dns::Milliseconds>(when - loop_.now());
  timer_ = loop_.after(std::max(pause, dns::Milliseconds(0)), [this] {
    timer_ = 0;
    const dns::Time began = loop_.exact_now();
    earliest_ = dns::Time::max();  // whatever is seen meanwhile is asked for below
    publish_();
    const auto rest = kPublishingPart * (loop_.exact_now() - began);
    earliest_ = loop_.now() + std::min<dns::Time::duration>(rest, kLongestRest);
    publish_at(catalog_.next_due());
  });
}

}  // namespace signpost
