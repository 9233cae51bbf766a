#include "dnsd/control/explain_document.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cache/zone_name.h"
#include "dnsd/control/instance_health.h"
#include "upstream/message_text.h"

namespace signpost {
namespace {

using Json = nlohmann::ordered_json;

std::int64_t seconds_since(dns::Time when, dns::Time now) {
  return std::max<std::int64_t>(0, std::chrono::duration_cast<dns::Seconds>(now - when).count());
}

/// Those that the name is about, of a service.
struct Meant {
  const cache::TableService& service;
  const cache::View& view;
  const cache::TableInstance* only;  // null: all of the view
};

std::optional<Meant> meant_by(const cache::ZoneName& name) {
  using Kind = cache::ZoneName::Kind;
  if (name.service == nullptr || !name.service->known) return std::nullopt;
  if (name.kind == Kind::instance) return Meant{*name.service, name.service->all, name.instance};
  const bool whole = name.kind == Kind::service || name.kind == Kind::explain;
  return whole ? std::optional(Meant{*name.service, *name.view, nullptr}) : std::nullopt;
}

class ServiceWriter {
 public:
  ServiceWriter(const Explained& explained, const Meant& meant)
      : explained_(explained), meant_(meant) {}

  Json service() const {
    Json out{{"name", meant_.service.name}};
    if (!meant_.view.version.empty()) out["version"] = meant_.view.version;
    if (meant_.service.held) out["held"] = meant_.service.why_held();
    out["instances"] = Json::array();
    for (const std::uint32_t index : meant_.view.members) {
      const auto& one = meant_.service.instances[index];
      if (meant_.only == nullptr || meant_.only == &one)
        out["instances"].push_back(instance(one, candidate_of(index)));
    }
    return out;
  }

 private:
  const cache::Candidate* candidate_of(std::uint32_t index) const {
    const auto& all = meant_.view.candidates;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.index == index; });
    return found == all.end() ? nullptr : &*found;
  }

  Json instance(const cache::TableInstance& one, const cache::Candidate* candidate) const {
    const cache::Instance& told = *one.told;
    Json out{{"id", told.id}};
    if (!told.version.empty()) out["version"] = told.version;
    if (!told.host.empty()) out["host"] = told.host;
    if (told.port != 0) out["port"] = told.port;
    out["in"] = candidate != nullptr;
    out["priority"] = told.priority;
    out["catalog_weight"] = told.weight;
    if (candidate != nullptr) out["weight"] = candidate->weight;
    write_health(out, one, candidate != nullptr);
    write_source(out, one);
    return out;
  }

  void write_health(Json& out, const cache::TableInstance& one, bool in) const {
    const InstanceHealth health = health_of(one, explained_.now);
    out["health"] = health.word;
    out["state"] = health.state;
    out["factor"] = health.factor;
    out["since"] = seconds_since(health.since, explained_.now);
    out["why"] = (in ? why_in() : why_out(one)) + health.why;
  }

  std::string why_in() const {
    const cache::View& view = meant_.view;
    if (!view.fail_open) return "";
    if (view.healthy == 0) return "no instance is healthy, so all are given; ";
    return std::to_string(view.healthy) + " of " + std::to_string(view.serving) +
           " are healthy, too few, so all are given; ";
  }

  static std::string why_out(const cache::TableInstance& one) {
    if (one.told->status == cache::Status::draining) return "it drains; ";
    if (one.target.empty()) return "it has no address; ";
    const bool says_it = one.verdict != nullptr && !one.verdict->why.empty();
    return says_it ? "" : "others are healthy; ";
  }

  void write_source(Json& out, const cache::TableInstance& one) const {
    const cache::SourceInfo& source = explained_.table->sources()[one.source];
    const cache::AskedVersion* asked = asked_of(one);
    out["source"] = source.name;
    out["age"] = seconds_since(asked ? asked->fetched : source.loaded_at, explained_.now);
    const bool old = asked ? asked->failed && explained_.now >= asked->fresh_until
                           : explained_.now >= source.old_from;
    if (!old) return;
    const std::string& failure = asked ? asked->why : source.failure;
    out["stale"] = failure.empty() ? "not heard since" : failure;
  }

  /// What its source said when asked for it; null: its source lists all it knows.
  const cache::AskedVersion* asked_of(const cache::TableInstance& one) const {
    for (const auto& asked : meant_.service.asked) {
      if (asked.source == one.source && asked.version == one.told->version) return &asked;
    }
    return nullptr;
  }

  const Explained& explained_;
  const Meant& meant_;
};

Json errors_of(const upstream::MessageText& text) {
  Json out = Json::array();
  for (const auto& error : text.errors) {
    out.push_back({{"code", error.code},
                   {"name", upstream::name_of_extended_error(error.code)},
                   {"text", error.text}});
  }
  return out;
}

bool is_ours(const Explained& explained, const upstream::MessageText& text) {
  const bool heard = text.rcode == dns::Rcode::NOERROR || text.rcode == dns::Rcode::NXDOMAIN;
  return text.authoritative || !heard ||
         dns::is_within(explained.question.name.view(), explained.zone.view());
}

void write_reply(Json& out, const Explained& explained) {
  const auto read = upstream::message_text(explained.reply);
  if (explained.reply.empty() || !read.ok()) {
    out["from"] = "upstream";
    return;
  }
  const upstream::MessageText& text = read.value();
  out["from"] = is_ours(explained, text) ? "this daemon" : "answer cache";
  out["rcode"] = dns::to_text(text.rcode);
  out["authoritative"] = text.authoritative;
  out["answer"] = text.answer;
  out["authority"] = text.authority;
  out["additional"] = text.additional;
  out["extended_errors"] = errors_of(text);
}

void write_service(Json& out, const Explained& explained) {
  const dns::NameView name = explained.question.name.view();
  out["fail_open"] = false;
  if (!dns::is_within(name, explained.zone.view())) return;
  cache::ZoneName means;
  cache::read_zone_name(*explained.table, explained.zone.view(), name,
                        dns::hash_name(name, dns::hash_seed()), means);
  const auto meant = meant_by(means);
  if (!meant) return;
  out["fail_open"] = meant->view.fail_open;
  out["service"] = ServiceWriter(explained, *meant).service();
}

}  // namespace

std::string explain_document(const Explained& explained) {
  Json out{{"question",
            {{"name", explained.question.name.to_text()},
             {"type", dns::to_text(explained.question.type)}}}};
  write_reply(out, explained);
  write_service(out, explained);
  return out.dump(-1, ' ', true, Json::error_handler_t::replace) + '\n';
}

}  // namespace signpost
