#include "conf/keys.h"

#include <algorithm>
#include <array>

#include "conf/nearest.h"
#include "conf/readers.h"

namespace conf {
namespace {

// How a value gets from its reader to its member. `Owner` finds the struct that
// the member belongs to.
template <auto Owner, auto Member, auto Read>
void set(Config& config, std::size_t entry, const Value& value, Problems& problems) {
  auto read = Read(value, problems);
  if (!read) return;
  auto& member = Owner(config, entry).*Member;
  if constexpr (std::is_arithmetic_v<std::remove_reference_t<decltype(member)>>) {
    member = static_cast<std::remove_reference_t<decltype(member)>>(*read);
  } else if constexpr (std::is_same_v<decltype(member), std::vector<unsigned>&>) {
    member.assign(read->begin(), read->end());
  } else {
    member = std::move(*read);
  }
}

template <auto Part>
auto& part(Config& config, std::size_t) {
  return config.*Part;
}
Catalog& catalog_at(Config& config, std::size_t entry) {
  return config.catalogs[entry];
}
Probe& probe_at(Config& config, std::size_t entry) {
  return config.health.probes[entry];
}
ForwardZone& zone_at(Config& config, std::size_t entry) {
  return config.forward.zones[entry];
}

// clang-format off
template <auto M, auto R> constexpr Set listen = set<part<&Config::listen>, M, R>;
template <auto M, auto R> constexpr Set zone = set<part<&Config::zone>, M, R>;
template <auto M, auto R> constexpr Set catalog = set<catalog_at, M, R>;
template <auto M, auto R> constexpr Set health = set<part<&Config::health>, M, R>;
template <auto M, auto R> constexpr Set probe = set<probe_at, M, R>;
template <auto M, auto R> constexpr Set forward = set<part<&Config::forward>, M, R>;
template <auto M, auto R> constexpr Set forward_zone = set<zone_at, M, R>;
template <auto M, auto R> constexpr Set cache = set<part<&Config::cache>, M, R>;
template <auto M, auto R> constexpr Set state = set<part<&Config::state>, M, R>;
template <auto M, auto R> constexpr Set control = set<part<&Config::control>, M, R>;
template <auto M, auto R> constexpr Set chaos = set<part<&Config::chaos>, M, R>;
template <auto M, auto R> constexpr Set log = set<part<&Config::log>, M, R>;
// clang-format on

constexpr std::array<Word<Catalog::Type>, 6> kCatalogTypes = {{
    {"file", Catalog::Type::file},
    {"http", Catalog::Type::http},
    {"route53", Catalog::Type::route53},
    {"etcd", Catalog::Type::etcd},
    {"signpost", Catalog::Type::signpost},
    {"builtin", Catalog::Type::builtin},
}};
constexpr std::array<Word<Catalog::Dialect>, 2> kDialects = {{
    {"catalog", Catalog::Dialect::catalog},
    {"service", Catalog::Dialect::service},
}};
constexpr std::array<Word<Probe::Type>, 3> kProbeTypes = {{
    {"http", Probe::Type::http},
    {"https", Probe::Type::https},
    {"tcp", Probe::Type::tcp},
}};
constexpr std::array<Word<Forward::Policy>, 3> kPolicies = {{
    {"fastest", Forward::Policy::fastest},
    {"sequential", Forward::Policy::sequential},
    {"random", Forward::Policy::random},
}};
constexpr std::array<Word<Log::Level>, 6> kLevels = {{
    {"trace", Log::Level::trace},
    {"debug", Log::Level::debug},
    {"info", Log::Level::info},
    {"warn", Log::Level::warn},
    {"error", Log::Level::error},
    {"off", Log::Level::off},
}};
constexpr std::array<Word<Log::Format>, 2> kFormats = {{
    {"text", Log::Format::text},
    {"json", Log::Format::json},
}};

// Whether a key does something yet. The issue that builds a feature turns its
// keys' `not_yet` into `now`.
using Lack = std::optional<std::string>;
constexpr Lacks now = [](const Value&) -> Lack { return {}; };
constexpr Lacks not_yet = [](const Value&) -> Lack { return ""; };
// Of these keys, only some values do.
constexpr Lacks not_yet_of_cloud = [](const Value& type) -> Lack {
  const std::string* text = type.text();
  const bool not_here = text && *text == "builtin";
  return not_here ? type.found() : Lack();
};

constexpr CatalogTypes kEvery = 0xff;
constexpr CatalogTypes kFile = of_type(Catalog::Type::file);
constexpr CatalogTypes kHttp = of_type(Catalog::Type::http);
constexpr CatalogTypes kRoute53 = of_type(Catalog::Type::route53);
constexpr CatalogTypes kEtcd = of_type(Catalog::Type::etcd);
constexpr CatalogTypes kSignpost = of_type(Catalog::Type::signpost);
constexpr CatalogTypes kBuiltin = of_type(Catalog::Type::builtin);

constexpr auto plain = Kind::plain;
constexpr auto path = Kind::path;
constexpr auto kMayBeEmpty = MayBeEmpty::yes;

// clang-format off
constexpr Key kKeys[] = {
  {"listen", "addresses", listen<&Listen::addresses, read_listen_addresses>, now, kEvery, plain},
  {"listen", "workers", listen<&Listen::workers, read_workers>, now, kEvery, plain},
  {"listen", "allow", listen<&Listen::allow, read_list<read_prefix>>, now, kEvery, plain},
  {"listen", "tcp_connections", listen<&Listen::tcp_connections, read_number<1, 65'535>>, now, kEvery, plain},
  {"listen", "tcp_idle", listen<&Listen::tcp_idle, read_time<100, kHour>>, now, kEvery, plain},

  {"zone", "name", zone<&Zone::name, read_name>, now, kEvery, plain},
  {"zone", "ttl", zone<&Zone::ttl, read_seconds<0, 7 * kDay>>, now, kEvery, plain},
  {"zone", "negative_ttl", zone<&Zone::negative_ttl, read_seconds<0, kDay>>, now, kEvery, plain},
  {"zone", "max_answers", zone<&Zone::max_answers, read_number<0, 10'000>>, now, kEvery, plain},
  {"zone", "weight_floor", zone<&Zone::weight_floor, read_number<0, 65'535>>, now, kEvery, plain},

  {"catalog", "type", catalog<&Catalog::type, read_word<kCatalogTypes>>, not_yet_of_cloud, kEvery, plain},
  {"catalog", "name", catalog<&Catalog::name, read_text>, now, kEvery, plain},
  {"catalog", "standby_for", catalog<&Catalog::standby_for, read_text>, now, kEvery, plain},
  {"catalog", "max_drop", catalog<&Catalog::max_drop, read_number<0, 100>>, now, kEvery, plain},
  {"catalog", "path", catalog<&Catalog::path, read_text>, now, kFile | kBuiltin, path},
  {"catalog", "url", catalog<&Catalog::url, read_url>, now, kHttp | kSignpost, plain},
  {"catalog", "dialect", catalog<&Catalog::dialect, read_word<kDialects>>, now, kHttp, plain},
  {"catalog", "services", catalog<&Catalog::services, read_list<read_service, kMayBeEmpty>>, now, kHttp, plain},
  {"catalog", "default_version", catalog<&Catalog::default_version, read_text>, now, kHttp, plain},
  {"catalog", "timeout", catalog<&Catalog::timeout, read_time<10, kMinute>>, now, kHttp, plain},
  {"catalog", "sign", catalog<&Catalog::sign, read_flag>, now, kHttp, plain},
  {"catalog", "zone", catalog<&Catalog::zone, read_text>, now, kRoute53, plain},
  {"catalog", "refresh", catalog<&Catalog::refresh, read_time<kSecond, kDay>>, now, kRoute53, plain},
  {"catalog", "endpoint", catalog<&Catalog::endpoint, read_url_or_none>, now, kRoute53, plain},
  {"catalog", "region", catalog<&Catalog::region, read_text>, now, kRoute53, plain},
  {"catalog", "endpoints", catalog<&Catalog::endpoints, read_list<read_url>>, now, kEtcd, plain},
  {"catalog", "prefix", catalog<&Catalog::prefix, read_slash_path>, now, kEtcd, plain},
  {"catalog", "user", catalog<&Catalog::user, read_text>, now, kEtcd, plain},
  {"catalog", "password_file", catalog<&Catalog::password_file, read_text>, now, kEtcd, path},
  {"catalog", "ca_file", catalog<&Catalog::ca_file, read_text>, now, kEtcd, path},
  {"catalog", "cert_file", catalog<&Catalog::cert_file, read_text>, now, kEtcd, path},
  {"catalog", "key_file", catalog<&Catalog::key_file, read_text>, now, kEtcd, path},

  {"health", "panic_threshold", health<&Health::panic_threshold, read_number<0, 100>>, now, kEvery, plain},
  {"health", "slow_start", health<&Health::slow_start, read_time<0, kHour>>, now, kEvery, plain},
  {"health", "max_age", health<&Health::max_age, read_time<kSecond, 7 * kDay>>, now, kEvery, plain},

  {"health.probe", "services", probe<&Probe::services, read_list<read_text>>, now, kEvery, plain},
  {"health.probe", "type", probe<&Probe::type, read_word<kProbeTypes>>, now, kEvery, plain},
  {"health.probe", "path", probe<&Probe::path, read_request_path>, now, kEvery, plain},
  {"health.probe", "host", probe<&Probe::host, read_host_header>, now, kEvery, plain},
  {"health.probe", "port", probe<&Probe::port, read_number<0, 65'535>>, now, kEvery, plain},
  {"health.probe", "accept", probe<&Probe::accept, read_list<read_number<100, 599>>>, now, kEvery, plain},
  {"health.probe", "interval", probe<&Probe::interval, read_time<100, kDay>>, now, kEvery, plain},
  {"health.probe", "timeout", probe<&Probe::timeout, read_time<10, kMinute>>, now, kEvery, plain},
  {"health.probe", "rise", probe<&Probe::rise, read_number<1, 100>>, now, kEvery, plain},
  {"health.probe", "fall", probe<&Probe::fall, read_number<1, 100>>, now, kEvery, plain},
  {"health.probe", "on_demand", probe<&Probe::on_demand, read_flag>, now, kEvery, plain},

  {"forward", "upstreams", forward<&Forward::upstreams, read_list<read_upstream, kMayBeEmpty>>, now, kEvery, plain},
  {"forward", "resolv_conf", forward<&Forward::resolv_conf, read_text>, now, kEvery, path},
  {"forward", "policy", forward<&Forward::policy, read_word<kPolicies>>, now, kEvery, plain},
  {"forward", "hedge", forward<&Forward::hedge, read_flag>, now, kEvery, plain},
  {"forward", "trust_ad", forward<&Forward::trust_ad, read_flag>, now, kEvery, plain},

  {"forward.zone", "suffix", forward_zone<&ForwardZone::suffix, read_name>, now, kEvery, plain},
  {"forward.zone", "upstreams", forward_zone<&ForwardZone::upstreams, read_list<read_upstream>>, now, kEvery, plain},

  {"cache", "size", cache<&Cache::size, read_cache_size>, now, kEvery, plain},
  {"cache", "max_ttl", cache<&Cache::max_ttl, read_seconds<kSecond, 7 * kDay>>, now, kEvery, plain},
  {"cache", "stale_for", cache<&Cache::stale_for, read_seconds<0, 7 * kDay>>, now, kEvery, plain},
  {"cache", "stale_after", cache<&Cache::stale_after, read_time<0, 10 * kSecond>>, now, kEvery, plain},
  {"cache", "prefetch", cache<&Cache::prefetch, read_flag>, now, kEvery, plain},

  {"state", "path", state<&State::path, read_text>, now, kEvery, path},

  {"control", "listen", control<&Control::listen, read_control_address>, now, kEvery, plain},
  {"control", "token_file", control<&Control::token_file, read_text>, not_yet, kEvery, path},

  {"chaos", "version", chaos<&Chaos::version, read_txt_string>, now, kEvery, plain},
  {"chaos", "id", chaos<&Chaos::id, read_txt_string>, now, kEvery, plain},

  {"log", "level", log<&Log::level, read_word<kLevels>>, now, kEvery, plain},
  {"log", "format", log<&Log::format, read_word<kFormats>>, now, kEvery, plain},
};
// clang-format on

template <typename Entry>
std::size_t append(std::vector<Entry>& entries) {
  entries.emplace_back();
  return entries.size() - 1;
}
std::size_t add_catalog(Config& config) {
  return append(config.catalogs);
}
std::size_t add_probe(Config& config) {
  return append(config.health.probes);
}
std::size_t add_zone(Config& config) {
  return append(config.forward.zones);
}

constexpr Section kSections[] = {
    {"listen", nullptr},        {"zone", nullptr},           {"catalog", add_catalog},
    {"health", nullptr},        {"health.probe", add_probe}, {"forward", nullptr},
    {"forward.zone", add_zone}, {"cache", nullptr},          {"state", nullptr},
    {"control", nullptr},       {"chaos", nullptr},          {"log", nullptr},
};

}  // namespace

std::string Key::full_name() const {
  return std::string(section) + "." + std::string(name);
}

std::span<const Key> keys() {
  return kKeys;
}

std::span<const Section> sections() {
  return kSections;
}

const Section* find_section(std::string_view name) {
  const auto* found = std::ranges::find(kSections, name, &Section::name);
  return found == std::end(kSections) ? nullptr : found;
}

const Key* find_key(std::string_view section, std::string_view name) {
  const auto* found = std::ranges::find_if(
      kKeys, [&](const Key& key) { return key.section == section && key.name == name; });
  return found == std::end(kKeys) ? nullptr : found;
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const Section& section : kSections) names.emplace_back(section.name);
  return names;
}

std::vector<std::string> key_names(std::string_view section) {
  std::vector<std::string> names;
  for (const Key& key : kKeys) {
    if (key.section == section) names.emplace_back(key.name);
  }
  const std::string above = std::string(section) + ".";
  for (const Section& inner : kSections) {
    if (inner.name.starts_with(above)) names.emplace_back(inner.name.substr(above.size()));
  }
  return names;
}

std::string names_of(CatalogTypes types) {
  std::vector<std::string> names;
  for (const auto& [name, type] : kCatalogTypes) {
    if (types & of_type(type)) names.emplace_back(name);
  }
  return listed(names);
}

std::string_view name_of(Catalog::Type type) {
  return std::ranges::find(kCatalogTypes, type, &Word<Catalog::Type>::meaning)->text;
}

}  // namespace conf
