#include "cache/table_service.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "cache/scaled_weights.h"
#include "cache/service_name.h"

namespace cache {
namespace {

std::string lowered(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(dns::lower(static_cast<std::uint8_t>(c)));
  return out;
}

/// What a weight is rounded to: a factor of 0.29 makes 29 of 100, not 28.999.
constexpr double kFine = 1000;

void append16(std::string& out, std::size_t value) {
  out += static_cast<char>(value >> 8);
  out += static_cast<char>(value);
}

/// All of a record that comes before its RDATA, but the owner.
void append_start(std::string& out, dns::Type type, std::uint32_t ttl, std::size_t rdata_size) {
  append16(out, static_cast<std::uint16_t>(type));
  append16(out, static_cast<std::uint16_t>(dns::Class::IN));
  append16(out, ttl >> 16);
  append16(out, ttl);
  append16(out, rdata_size);
}

std::string place_of(const Instance& instance) {
  return lowered(instance.host) + ' ' + std::to_string(instance.port);
}

/// In their order; most services have instances of one priority alone.
void sort_by_priority(std::vector<Candidate>& candidates) {
  const auto first = [](const Candidate& a, const Candidate& b) { return a.priority < b.priority; };
  if (std::is_sorted(candidates.begin(), candidates.end(), first)) return;
  std::stable_sort(candidates.begin(), candidates.end(), first);
}

void note_family(View& view, const TableInstance& instance) {
  if (!instance.has_address) return;
  (instance.ip.is_v4() ? view.has_ipv4 : view.has_ipv6) = true;
}

}  // namespace

TableServiceBuilder::TableServiceBuilder(std::string name, const conf::Zone& zone,
                                         HealthBook& health, const std::string& owner,
                                         const TableService* before, dns::Time now)
    : zone_(zone),
      health_(health),
      probe_(health.probe_of(name)),
      reading_(health, owner, now),
      before_(before),
      now_(now) {
  service_.name = std::move(name);
  if (probe_ != nullptr && probe_->on_demand) {
    const bool marked = before_ != nullptr && before_->asked_mark;
    service_.asked_mark = marked ? before_->asked_mark : std::make_shared<AskedMark>();
  }
  if (before_ == nullptr) return;
  for (const TableInstance& instance : before_->instances) {
    before_by_id_.emplace(instance_key(*instance.told), &instance);
  }
}

void TableServiceBuilder::add(const ToldService& told) {
  service_.known = true;
  service_.listed = service_.listed || told.listed;
  service_.held = service_.held || !told.service->held.empty();
  index_places();
  service_.told.push_back(told.service);
  if (told.service->ttl) {
    service_.ttl = std::min(service_.ttl.value_or(*told.service->ttl), *told.service->ttl);
  }
  service_.instances.reserve(service_.instances.size() + told.service->instances.size());
  for (const Instance& instance : told.service->instances) {
    if (!told_by_another(instance, told.source)) add_instance(instance, told);
  }
}

/// Before another word on the service; most have one, and need no index.
void TableServiceBuilder::index_places() {
  for (; placed_ < service_.instances.size(); ++placed_) {
    const Instance& told = *service_.instances[placed_].told;
    if (!told.host.empty()) by_place_[place_of(told)].push_back(placed_);
  }
}

bool TableServiceBuilder::told_by_another(const Instance& instance, SourceId source) const {
  if (by_place_.empty() || instance.host.empty()) return false;
  const auto here = by_place_.find(place_of(instance));
  if (here == by_place_.end()) return false;
  return std::any_of(here->second.begin(), here->second.end(), [&](std::size_t index) {
    const TableInstance& other = service_.instances[index];
    const std::string& version = other.told->version;
    const bool same = version.empty() || instance.version.empty() || version == instance.version;
    return same && other.source != source;
  });
}

void TableServiceBuilder::add_instance(const Instance& instance, const ToldService& told) {
  TableInstance made;
  made.told = &instance;
  made.source = told.source;
  made.port = instance.port;
  made.since = since(instance);
  judge(made, told);
  const auto ip = dns::IpAddress::parse(instance.host);
  made.has_address = ip.has_value();
  const std::size_t before = targets_.size();
  if (made.has_address) {
    made.ip = *ip;
    if (auto name = address_target(made.ip, zone_.name)) targets_ += name->view();
  } else if (auto name = dns::Name::from_text(instance.host); name.ok()) {
    targets_ += name.value().view();
  }
  target_sizes_.push_back(static_cast<std::uint8_t>(targets_.size() - before));
  service_.instances.push_back(made);
}

void TableServiceBuilder::judge(TableInstance& instance, const ToldService& told) {
  HealthBook::Word word;
  word.status = instance.told->status;
  word.probed = probe_ != nullptr;
  word.joined = joined(*instance.told, told);
  word.heard = told.heard;
  word.old_from = told.old_from;
  auto verdict = reading_.verdict(*instance.told, word);
  if (!verdict) return;
  instance.factor = static_cast<float>(verdict->factor);
  instance.since = verdict->since;
  service_.verdicts.push_back(std::make_unique<const HealthVerdict>(*std::move(verdict)));
  instance.verdict = service_.verdicts.back().get();
}

/// What is there when the daemon starts, or when a name is first asked for, did not join.
bool TableServiceBuilder::joined(const Instance& instance, const ToldService& told) const {
  return told.listed && told.was_heard && before_ != nullptr && before_->listed &&
         !before_by_id_.contains(instance_key(instance));
}

dns::Time TableServiceBuilder::since(const Instance& instance) const {
  if (before_by_id_.empty()) return now_;
  const auto known = before_by_id_.find(instance_key(instance));
  const bool as_before =
      known != before_by_id_.end() && known->second->told->status == instance.status;
  return as_before ? known->second->since : now_;
}

std::shared_ptr<const TableService> TableServiceBuilder::build() {
  std::set<std::string> versions;
  service_.instances.shrink_to_fit();
  lay_out_targets();
  for (const TableInstance& instance : service_.instances) {
    if (!instance.has_address && !instance.target.empty()) service_.by_address = false;
  }
  for (const TableInstance& instance : service_.instances) {
    if (!instance.told->version.empty()) versions.insert(lowered(instance.told->version));
  }
  reading_.done();
  service_.all = make_view("");
  for (const std::string& version : versions) service_.versions.push_back(make_view(version));
  return std::make_shared<const TableService>(std::move(service_));
}

View TableServiceBuilder::make_view(const std::string& version) const {
  View view;
  view.version = version;
  for (std::uint32_t i = 0; i < service_.instances.size(); ++i) {
    const Instance& told = *service_.instances[i].told;
    if (version.empty() || lowered(told.version) == version) view.members.push_back(i);
  }
  choose_candidates(view);
  return view;
}

/// Those that could be given, and whether their health counts.
std::vector<std::uint32_t> TableServiceBuilder::serving(View& view) const {
  std::vector<std::uint32_t> serving;
  for (std::uint32_t index : view.members) {
    const TableInstance& instance = service_.instances[index];
    if (instance.told->status == Status::draining || instance.target.empty()) continue;
    serving.push_back(index);
    if (instance.factor > 0) ++view.healthy;
  }
  view.serving = static_cast<std::uint32_t>(serving.size());
  const bool too_few =
      100ULL * view.healthy < 1ULL * health_.rules().panic_threshold * view.serving;
  view.fail_open = !serving.empty() && (view.healthy == 0 || too_few);
  return serving;
}

void TableServiceBuilder::choose_candidates(View& view) const {
  std::vector<double> weights;
  for (std::uint32_t index : serving(view)) {
    const TableInstance& instance = service_.instances[index];
    const double factor = view.fail_open ? 1.0 : instance.factor;
    if (factor == 0) continue;
    note_family(view, instance);
    view.candidates.push_back({index, instance.told->priority, 0});
    weights.push_back(std::round(kFine * instance.told->weight * factor) / kFine);
  }
  const auto scaled = scaled_weights(weights, static_cast<std::uint16_t>(zone_.weight_floor));
  for (std::size_t i = 0; i < scaled.size(); ++i) view.candidates[i].weight = scaled[i];
  view.candidates.shrink_to_fit();
  view.members.shrink_to_fit();
  sort_by_priority(view.candidates);
  for (Candidate& candidate : view.candidates) append_address(view, candidate);
  for (Candidate& candidate : view.candidates) append_srv(view, candidate);
  view.records.shrink_to_fit();
}

std::uint32_t TableServiceBuilder::ttl() const {
  const auto most = static_cast<std::uint32_t>(zone_.ttl.count());
  return std::min(most, service_.ttl.value_or(most));
}

void TableServiceBuilder::append_srv(View& view, Candidate& candidate) const {
  const TableInstance& instance = service_.instances[candidate.index];
  if (instance.port == 0 || instance.target.empty()) return;
  std::string& out = view.records;
  candidate.srv_at = static_cast<std::uint32_t>(out.size());
  append_start(out, dns::Type::SRV, ttl(), 6 + instance.target.size());
  append16(out, candidate.priority);
  append16(out, candidate.weight);
  append16(out, instance.port);
  out += instance.target;  // RFC 2782: not compressed
  candidate.srv_size = static_cast<std::uint16_t>(out.size() - candidate.srv_at);
}

/// All targets in one allocation, which the instances point into.
void TableServiceBuilder::lay_out_targets() {
  auto bytes = std::make_unique<char[]>(targets_.size());
  std::copy(targets_.begin(), targets_.end(), bytes.get());
  const char* at = bytes.get();
  std::vector<std::string_view> sorted;
  sorted.reserve(target_sizes_.size());
  for (std::size_t i = 0; i < target_sizes_.size(); at += target_sizes_[i++]) {
    service_.instances[i].target = {at, target_sizes_[i]};
    if (target_sizes_[i] > 0) sorted.push_back(service_.instances[i].target);
  }
  std::sort(sorted.begin(), sorted.end());
  service_.shares_targets = std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end();
  service_.targets = std::move(bytes);
}

void TableServiceBuilder::append_address(View& view, Candidate& candidate) const {
  const TableInstance& instance = service_.instances[candidate.index];
  if (!instance.has_address) return;
  const dns::IpAddress& ip = instance.ip;
  std::string& out = view.records;
  candidate.address_at = static_cast<std::uint32_t>(out.size());
  append_start(out, ip.is_v4() ? dns::Type::A : dns::Type::AAAA, ttl(), ip.size());
  out.append(reinterpret_cast<const char*>(ip.data()), ip.size());
  candidate.address_size = static_cast<std::uint8_t>(out.size() - candidate.address_at);
}

}  // namespace cache
