#include "upstream/kept_hosts.h"

#include <algorithm>
#include <utility>

#include "upstream/aws_log.h"

namespace upstream {

KeptHosts::~KeptHosts() {
  *alive_ = false;
  timers_.cancel(again_);
}

void KeptHosts::want(std::set<std::string> hosts) {
  const auto is_unwanted = [&](const auto& known) { return !hosts.contains(known.first); };
  std::erase_if(addresses_, is_unwanted);
  std::erase_if(failures_, is_unwanted);
  std::erase_if(untried_, [&](const std::string& host) { return !hosts.contains(host); });
  for (const std::string& host : hosts) {
    if (wanted_.contains(host)) continue;
    untried_.insert(host);
    queue_.insert(host);
  }
  wanted_ = std::move(hosts);
  look_up_next();
}

void KeptHosts::look_up_next() {
  if (starting_) return;
  starting_ = true;
  while (!queue_.empty() && under_way_ < kHostsAtOnce) {
    const std::string host = std::move(queue_.extract(queue_.begin()).value());
    if (wanted_.contains(host)) look_up(host);
  }
  starting_ = false;
  if (queue_.empty() && under_way_ == 0) look_up_all_later();
}

void KeptHosts::look_up(const std::string& host) {
  ++under_way_;
  resolver_.resolve(host, [this, alive = std::weak_ptr<bool>(alive_),
                           host](dns::Result<std::vector<dns::IpAddress>> found) {
    if (!alive.expired()) heard(host, std::move(found));
  });
}

void KeptHosts::heard(const std::string& host, dns::Result<std::vector<dns::IpAddress>> found) {
  --under_way_;
  const bool was_tried = all_tried();
  untried_.erase(host);
  bool is_news = false;
  if (!found.ok()) {
    if (wanted_.contains(host)) say(host, found.error().message);
  } else if (wanted_.contains(host)) {
    failures_.erase(host);
    auto sorted = std::move(found).value();
    std::sort(sorted.begin(), sorted.end());
    is_news = std::exchange(addresses_[host], sorted) != sorted;
  }
  look_up_next();
  if (is_news || (all_tried() && !was_tried)) changed_();
}

void KeptHosts::say(const std::string& host, const std::string& why) {
  std::string& said = failures_[host];
  if (std::exchange(said, why) == why) return;
  aws_log()->warn("the host {} of a catalog cannot be looked up{}: {}", host,
                  addresses_.contains(host) ? ", kept its addresses" : "", why);
}

void KeptHosts::look_up_all_later() {
  if (again_ != 0 || wanted_.empty()) return;
  again_ = timers_.after(kHostsRefresh, [this] {
    again_ = 0;
    queue_ = wanted_;
    look_up_next();
  });
}

}  // namespace upstream
