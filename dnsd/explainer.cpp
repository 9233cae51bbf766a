#include "dnsd/explainer.h"

#include <ctime>

#include "dnsd/net/kernel_random.h"
#include "upstream/query_writer.h"

namespace signpost {
namespace {

// As long as a client's query waits for either (pipeline.cpp).
constexpr dns::Milliseconds kConsultMost{1500};
constexpr dns::Milliseconds kResolveMost{2500};

}  // namespace

struct Explainer::Work {
  const Published& published;
  dns::Question question;
  Client client;
  Done done;
  Waits waits{};
};

Explainer::Explainer(net::Timers& timers, cache::AnswerCache& answers, net::HostResolver& resolver,
                     Consult consult)
    : timers_(timers),
      answers_(answers),
      resolver_(resolver),
      consult_(std::move(consult)),
      random_(net::KernelRandom().next64()) {}

Explainer::~Explainer() {
  *alive_ = false;
}

void Explainer::explain(const Published& published, const dns::Question& question,
                        const dns::IpAddress& client, Done done) {
  go_on(std::make_shared<Work>(
      Work{published, question, {.ip = client, .tcp = true}, std::move(done)}));
}

void Explainer::go_on(const WorkPointer& work) {
  const WorldPointer world = work->published.get();
  dns::Wire room(dns::kMaxMessage);
  dns::Query query;
  const Decision decision = decide_now(*work, *world, query, room);
  if (decision.what == Decision::What::consult) return consult(work);
  if (decision.what == Decision::What::resolve) return resolve(work);
  room.resize(decision.what == Decision::What::reply ? decision.size : 0);
  work->done(
      {work->question, world->table, world->settings->zone.name, timers_.now(), std::move(room)});
}

Decision Explainer::decide_now(const Work& work, const World& world, dns::Query& query,
                               dns::WireSpan room) {
  upstream::QueryBytes bytes;
  const dns::WireView packet = upstream::write_query({work.question}, 0, bytes);
  scratch_.fit(*world.table);
  const Knowledge knowledge{*world.table,
                            *world.settings,
                            answers_,
                            random_,
                            scratch_,
                            timers_.now(),
                            static_cast<std::uint32_t>(std::time(nullptr))};
  return decide(packet, work.client, knowledge, work.waits, query, room);
}

std::function<void()> Explainer::once(dns::Milliseconds most, std::function<void()> step) {
  const auto alive = alive_;
  const auto left = std::make_shared<std::function<void()>>([alive, step = std::move(step)] {
    if (*alive) step();
  });
  const auto run = [left] {
    if (const auto now = std::exchange(*left, nullptr)) now();
  };
  timers_.after(most, run);
  return run;
}

void Explainer::consult(const WorkPointer& work) {
  const CatalogName name{std::string(scratch_.name.asked_service),
                         std::string(scratch_.name.asked_version)};
  work->waits.consult = false;
  consult_(name, once(kConsultMost, [this, work] { go_on(work); }));
}

void Explainer::resolve(const WorkPointer& work) {
  work->waits = {.consult = false, .resolve = false};
  const auto hosts = scratch_.unresolved;
  const auto finish = once(kResolveMost, [this, work] { go_on(work); });
  const auto left = std::make_shared<std::size_t>(hosts.size());
  for (const cache::Unresolved& unresolved : hosts) {
    std::string host = unresolved.host.to_text();
    host.pop_back();  // absolute without a last dot
    resolver_.resolve(host, [left, finish](const auto& /*addresses*/) {
      if (--*left == 0) finish();
    });
  }
}

}  // namespace signpost
