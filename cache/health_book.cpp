#include "cache/health_book.h"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace cache {
namespace {

/// Words that changed, and nothing else, are told together.
constexpr dns::Seconds kWordsTogether{1};

dns::Time next_second(dns::Time now) {
  return std::chrono::floor<dns::Seconds>(now) + kWordsTogether;
}

}  // namespace

std::string instance_key(const Instance& instance) {
  const std::string place = instance.host.empty() ? instance.id : instance.host;
  return place + '\n' + std::to_string(instance.port) + '\n' + instance.version;
}

bool has_key(const Instance& instance, std::string_view key) {
  const auto eat = [&key](std::string_view part) {
    if (!key.starts_with(part)) return false;
    key.remove_prefix(part.size());
    return true;
  };
  std::array<char, 5> port{};
  const char* end = std::to_chars(port.data(), port.data() + port.size(), instance.port).ptr;
  return eat(instance.host.empty() ? instance.id : instance.host) && eat("\n") &&
         eat({port.data(), static_cast<std::size_t>(end - port.data())}) && eat("\n") &&
         key == instance.version;
}

const conf::Probe* HealthBook::probe_of(std::string_view service) const {
  const std::string name(service);
  const auto fits = [&name](const std::string& pattern) {
    return fnmatch(pattern.c_str(), name.c_str(), FNM_CASEFOLD) == 0;
  };
  const auto at =
      std::find_if(rules_.probes.begin(), rules_.probes.end(), [&](const conf::Probe& probe) {
        return std::any_of(probe.services.begin(), probe.services.end(), fits);
      });
  return at != rules_.probes.end() ? &*at : nullptr;
}

HealthBook::Reading::Reading(HealthBook& book, std::string owner, dns::Time now)
    : book_(book), owner_(std::move(owner)), now_(now) {}

std::optional<HealthVerdict> HealthBook::Reading::verdict(const Instance& instance,
                                                          const Word& word) {
  const bool joined = word.joined && word.probed;
  const bool is_news = joined || word.status == Status::unhealthy;
  auto service = book_.services_.find(owner_);
  if (!is_news && service == book_.services_.end()) return std::nullopt;
  const std::string key = instance_key(instance);
  if (!is_news && !service->second.contains(key)) return std::nullopt;
  if (service == book_.services_.end()) service = book_.services_.try_emplace(owner_).first;
  auto [at, first] = service->second.try_emplace(key, word.status, joined, now_);
  InstanceHealth& health = at->second;
  if (!word.probed) health.forget_probes();
  // Told twice, under two ids: the first describes it.
  if (!named_.contains(key)) health.told(word.status, word.heard, book_.rules_, now_);
  if (health.is_plain(book_.rules_, now_)) return std::nullopt;
  named_.insert(key);
  HealthVerdict verdict = health.verdict(book_.rules_, now_);
  due_ = std::min(due_, verdict.changes_at);
  aged_ = aged_ || (word.status == Status::unhealthy && word.heard < now_);
  if (word.status == Status::unhealthy && now_ < word.old_from)
    due_ = std::min(due_, word.old_from);
  return verdict;
}

void HealthBook::Reading::done() {
  if (aged_) {
    book_.aged_.insert(owner_);
  } else {
    book_.aged_.erase(owner_);
  }
  const auto service = book_.services_.find(owner_);
  if (service == book_.services_.end()) return;
  std::erase_if(service->second, [this](const auto& one) { return !named_.contains(one.first); });
  if (service->second.empty()) book_.services_.erase(service);
  book_.schedule(owner_, due_);
}

bool HealthBook::knows(const std::string& owner, const std::string& key) const {
  const auto service = services_.find(owner);
  return service != services_.end() && service->second.contains(key);
}

HealthBook::Effect HealthBook::probed(const std::string& owner, const std::string& key, Status word,
                                      const ProbeResult& result, const conf::Probe& probe,
                                      dns::Time now) {
  InstanceHealth& health = services_[owner].try_emplace(key, word, false, now).first->second;
  const bool was_good = health.is_good();
  const HealthVerdict before = health.verdict(rules_, now);
  health.probed(result, probe, rules_, now);
  const HealthVerdict after = health.verdict(rules_, now);
  Effect effect;
  effect.verdict = after.factor != before.factor || after.state != before.state;
  effect.turned = health.is_good() != was_good;
  effect.good = health.is_good();
  if (effect.turned) effect.why = after.why;
  const bool words = after.why != before.why || after.seen != before.seen;
  if (words && !effect.verdict) schedule(owner, std::min(due_at(owner), next_second(now)));
  return effect;
}

dns::Time HealthBook::due_at(const std::string& owner) const {
  const auto at = due_at_.find(owner);
  return at != due_at_.end() ? at->second : dns::Time::max();
}

void HealthBook::forget(const std::string& owner) {
  services_.erase(owner);
  aged_.erase(owner);
  schedule(owner, dns::Time::max());
}

void HealthBook::schedule(const std::string& owner, dns::Time when) {
  if (const auto before = due_at_.find(owner); before != due_at_.end()) {
    due_.erase({before->second, owner});
    due_at_.erase(before);
  }
  if (when == dns::Time::max()) return;
  due_at_[owner] = when;
  due_.emplace(when, owner);
}

dns::Time HealthBook::next_due() const {
  return due_.empty() ? dns::Time::max() : due_.begin()->first;
}

std::set<std::string> HealthBook::due(dns::Time now) {
  std::set<std::string> owners;
  while (next_due() <= now) {
    const std::string owner = due_.begin()->second;
    schedule(owner, dns::Time::max());
    owners.insert(owner);
  }
  return owners;
}

}  // namespace cache
