#include "dnsd/control_desk.h"

#include <algorithm>
#include <ctime>
#include <utility>

namespace signpost {

ControlDesk::ControlDesk(Parts parts, std::string id)
    : parts_(std::move(parts)),
      control_([this] { return not_ready(); }, [this] { return reports(); }),
      services_(
          parts_.loop, [this] { return picture(); }, std::move(id)),
      explainer_(parts_.loop, parts_.answers, parts_.resolver, parts_.consult),
      explain_([this] { return parts_.config.zone.name; },
               [this](const dns::Question& question, const dns::IpAddress& client,
                      Explainer::Done done) {
                 explainer_.explain(*parts_.published, question, client, std::move(done));
               }) {}

dns::Result<dns::Done> ControlDesk::open() {
  server_.reset();
  if (!parts_.config.control.listen) return dns::Done{};
  auto opened =
      net::HttpServer::open(parts_.loop, *parts_.config.control.listen,
                            [this](net::HttpQuestion question, net::HttpAnswerer answerer) {
                              answer(std::move(question), std::move(answerer));
                            });
  if (!opened.ok()) return opened.error();
  server_ = std::move(opened).value();
  return dns::Done{};
}

std::optional<dns::SocketAddress> ControlDesk::local() const {
  if (!server_) return std::nullopt;
  return server_->local();
}

void ControlDesk::answer(net::HttpQuestion question, net::HttpAnswerer answerer) {
  if (ServicesPort::takes(question.path)) {
    return services_.answer(std::move(question), std::move(answerer));
  }
  if (ExplainPort::takes(question.path)) return explain_.answer(question, std::move(answerer));
  if (!ControlPort::is_metrics(question)) return answerer.answer(control_.answer(question));
  const auto later = std::make_shared<net::HttpAnswerer>(std::move(answerer));
  count([later](const Figures& figures) {
    const double now = static_cast<double>(std::time(nullptr));
    later->answer(ControlPort::metrics(figures, now));
  });
}

ServicesPort::Picture ControlDesk::picture() const {
  const auto origins_of = [this](cache::SourceId source) {
    return parts_.sources ? parts_.sources->origins(source) : nullptr;
  };
  return {parts_.published->get()->table, parts_.config.zone.name, parts_.loop.now(), origins_of};
}

/// Each worker counts for itself: they are asked in turn, by their mailboxes.
void ControlDesk::count(std::function<void(const Figures&)> done) {
  struct Count {
    Figures figures;
    std::size_t left;
    std::function<void(const Figures&)> done;
  };
  auto counting = std::make_shared<Count>(Count{figures(), parts_.workers.size(), std::move(done)});
  for (const auto& worker : parts_.workers) {
    worker->mailbox().post([this, worker = worker.get(), counting] {
      parts_.mailbox.post([counting, its = worker->figures()] {
        counting->figures.workers.add(its);
        if (--counting->left == 0) counting->done(counting->figures);
      });
    });
  }
}

/// All but what the workers count.
Figures ControlDesk::figures() const {
  const auto table = parts_.published->get()->table;
  Figures all;
  all.sources = reports();
  all.cache = parts_.answers.counters();
  all.cache_bytes = parts_.answers.size_bytes();
  all.cache_entries = parts_.answers.entries();
  all.serial = table->serial();
  all.services = table->services();
  all.instances = table->instances();
  if (parts_.sources) all.probes = parts_.sources->probes();
  all.table = table;
  return all;
}

std::vector<SourceReport> ControlDesk::reports() const {
  return parts_.sources ? parts_.sources->reports() : std::vector<SourceReport>();
}

std::vector<std::string> ControlDesk::not_ready() const {
  std::vector<std::string> reasons = parts_.sources
                                         ? parts_.sources->not_ready()
                                         : std::vector<std::string>{"catalogs: not started yet"};
  if (parts_.upstream.all().servers.empty()) reasons.emplace_back("upstream: no server is known");
  const bool reached =
      std::any_of(parts_.workers.begin(), parts_.workers.end(),
                  [](const auto& worker) { return worker->resolver().upstream_reached(); });
  if (!reached) reasons.emplace_back("upstream: no server could be reached at the last query");
  return reasons;
}

}  // namespace signpost
