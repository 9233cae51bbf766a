// The TXT records of services, and the sentences that say why.
#include <fmt/format.h>

#include "cache/status_word.h"
#include "cache/zone_answer.h"

namespace cache {
namespace {

std::string_view status_text(const Instance& told) {
  return told.status_text.empty() ? to_text(told.status) : std::string_view(told.status_text);
}

const Candidate* candidate_of(const View& view, const TableService& service,
                              const TableInstance& instance) {
  for (const Candidate& candidate : view.candidates) {
    if (&service.instances[candidate.index] == &instance) return &candidate;
  }
  return nullptr;
}

std::string_view why_old(const SourceInfo& source) {
  return source.failure.empty() ? "not heard since" : std::string_view(source.failure);
}

/// Empty: its verdict says it.
std::string_view reason_out(const TableInstance& instance) {
  if (instance.told->status == Status::draining) return "it drains; ";
  if (instance.target.empty()) return "it has no address; ";
  return instance.verdict == nullptr || instance.verdict->why.empty() ? "others are healthy; " : "";
}

}  // namespace

void ZoneAnswer::write_text(const View& view) {
  for (std::uint32_t index : view.members) {
    write_text_record(name_.service->instances[index]);
    if (flags.truncated) return;
  }
}

void ZoneAnswer::write_text_record(const TableInstance& instance) {
  const Instance& told = *instance.told;
  open(dns::Type::TXT, ttl_of(*name_.service));
  out_.put_string("id=", told.id);
  if (!told.version.empty()) out_.put_string("version=", told.version);
  out_.put_string("status=", status_text(told));
  if (!told.url.empty()) out_.put_string("url=", told.url);
  for (const auto& [key, value] : told.attributes) {
    // "key=value" of at most 255 bytes; the key keeps its place, the value is cut
    std::array<char, 256> text;
    const auto end = fmt::format_to_n(text.data(), text.size(), "{}={}", key, value);
    out_.put_string({text.data(), std::min<std::size_t>(end.size, 255)});
  }
  if (!out_.close()) truncated();
}

void ZoneAnswer::write_explain(const View& view) {
  for (std::uint32_t index : view.members) {
    open(dns::Type::TXT,
         0);  // the next question may have another answer
    out_.put_string(explain(name_.service->instances[index], view));
    if (out_.close()) continue;
    truncated();
    return;
  }
}

std::string_view ZoneAnswer::explain(const TableInstance& instance, const View& view) {
  const Instance& told = *instance.told;
  const SourceInfo& source = in_.table.sources()[instance.source];
  dns::Time heard = source.loaded_at;
  for (const AskedVersion& asked : name_.service->asked) {
    if (asked.source == instance.source && asked.version == told.version) heard = asked.fetched;
  }
  const Candidate* candidate = candidate_of(view, *name_.service, instance);
  auto* at = scratch_.text.data();
  auto* end = at + scratch_.text.size();
  const auto add = [&](auto&& format, auto&&... values) {
    at = fmt::format_to_n(at, end - at, fmt::runtime(format), values...).out;
  };
  add("{} {}: ", told.id, candidate ? "in" : "out");
  if (candidate == nullptr) add("{}", reason_out(instance));
  if (candidate != nullptr && view.fail_open) {
    add("{} of {} are healthy, so all are in; ", view.healthy, view.serving);
  }
  if (instance.verdict != nullptr && !instance.verdict->why.empty()) {
    add("{}", instance.verdict->why);
    if (instance.verdict->seen) add(" {} s ago", age(*instance.verdict->seen));
    add("; ");
  }
  add("catalog says {} since {} s", status_text(told), age(instance.since));
  if (candidate)
    add("; weight {} (catalog {} x {:.2g}), priority {}", candidate->weight, told.weight,
        view.fail_open ? 1 : instance.factor, told.priority);
  add("; source {}, data {} s old", source.name, age(heard));
  if (asked_.stale != nullptr) add(", stale: {}", asked_.stale->why);
  if (name_.service->held) add("; {}", name_.service->why_held());
  if (is_old(source)) add(", stale: {}", why_old(source));
  return {scratch_.text.data(), static_cast<std::size_t>(at - scratch_.text.data())};
}

void ZoneAnswer::say_fail_open(const View& view) {
  if (view.healthy == 0) {
    return say(dns::ExtendedError::OTHER, "no instance is healthy: all are given");
  }
  if (has_extended) return;  // the text of that one stands in the same room
  auto& text = scratch_.extended_text;
  const auto written =
      fmt::format_to_n(text.data(), text.size(),
                       "{} of {} instances are healthy, fewer than panic_threshold: all are given",
                       view.healthy, view.serving);
  say(dns::ExtendedError::OTHER, {text.data(), std::min<std::size_t>(written.size, text.size())});
}

void ZoneAnswer::say_stale(const AskedVersion& asked) {
  say_age(dns::ExtendedError::STALE_ANSWER, in_.table.sources()[asked.source], asked.fetched);
}

void ZoneAnswer::say_age(dns::ExtendedError code, const SourceInfo& source, dns::Time heard) {
  if (has_extended) return;  // the text of that one stands in the same room
  auto& text = scratch_.extended_text;
  const auto written =
      fmt::format_to_n(text.data(), text.size(), "{}: {} s old", source.name, age(heard));
  say(code, {text.data(), std::min<std::size_t>(written.size, text.size())});
}

void ZoneAnswer::say_if_old(SourceId id) {
  if (in_.now < in_.table.old_from()) return;
  const SourceInfo& source = in_.table.sources()[id];
  if (!is_old(source)) return;
  old_ = true;
  say_age(dns::ExtendedError::STALE_ANSWER, source, source.loaded_at);
}

void ZoneAnswer::say_if_old(const TableService& service) {
  if (service.held) {
    old_ = true;
    say(dns::ExtendedError::STALE_ANSWER, service.why_held());
  }
  if (in_.now < in_.table.old_from()) return;
  for (const TableInstance& instance : service.instances) say_if_old(instance.source);
}

/// A name that is not there may be there by now.
void ZoneAnswer::say_if_zone_is_old() {
  if (in_.now < in_.table.old_from()) return;
  for (const SourceInfo& source : in_.table.sources()) {
    if (!is_old(source)) continue;
    return say_age(dns::ExtendedError::STALE_NXDOMAIN, source, source.loaded_at);
  }
}

}  // namespace cache
