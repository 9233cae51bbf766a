// What a question would be answered with: the real decide(), on a query that is
// written here, with the waits that a client's query has too: for a catalog's source
// that is asked by name, for the addresses of instances' hosts. Upstream is not asked the
// question itself.
//
// Control thread only.
#pragma once

#include <functional>
#include <memory>

#include "cache/answer_cache.h"
#include "dnsd/catalog_desk.h"
#include "dnsd/control/explain_document.h"
#include "dnsd/decide.h"
#include "dnsd/net/host_resolver.h"
#include "dnsd/net/timers.h"
#include "dnsd/published.h"

namespace signpost {

class Explainer {
 public:
  using Done = std::function<void(Explained)>;
  /// Asks the catalog's sources for a name, and then calls back; perhaps never.
  using Consult = std::function<void(const CatalogName&, std::function<void()>)>;

  /// `resolver` asks upstream and remembers what it hears in `answers`. REQUIRES: all outlive
  /// this.
  Explainer(net::Timers& timers, cache::AnswerCache& answers, net::HostResolver& resolver,
            Consult consult);
  ~Explainer();
  Explainer(const Explainer&) = delete;
  Explainer& operator=(const Explainer&) = delete;

  /// Calls `done` once, at once or later; not at all once this is destroyed. `published`
  /// must outlive this.
  void explain(const Published& published, const dns::Question& question,
               const dns::IpAddress& client, Done done);

 private:
  struct Work;
  using WorkPointer = std::shared_ptr<Work>;

  void go_on(const WorkPointer& work);
  Decision decide_now(const Work& work, const World& world, dns::Query& query, dns::WireSpan room);
  void consult(const WorkPointer& work);
  void resolve(const WorkPointer& work);
  /// `step` runs once: by the function that is handed back, or when the time is up.
  std::function<void()> once(dns::Milliseconds most, std::function<void()> step);

  net::Timers& timers_;
  cache::AnswerCache& answers_;
  net::HostResolver& resolver_;
  Consult consult_;
  dns::Random random_;
  cache::AnswerScratch scratch_;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace signpost
