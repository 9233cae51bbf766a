// What the control port is asked, answered from what the daemon's parts know.
//
// Control thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cache/answer_cache.h"
#include "dnsd/control/control_port.h"
#include "dnsd/control/explain_port.h"
#include "dnsd/control/services_port.h"
#include "dnsd/explainer.h"
#include "dnsd/net/loop.h"
#include "dnsd/net/mailbox.h"
#include "dnsd/published.h"
#include "dnsd/sources.h"
#include "dnsd/upstream_servers.h"
#include "dnsd/worker.h"

namespace signpost {

class ControlDesk {
 public:
  /// All of it must outlive the desk. The sources may be replaced, and be null for a while.
  struct Parts {
    net::Loop& loop;
    net::Mailbox& mailbox;
    const conf::Config& config;
    const Workers& workers;
    const std::unique_ptr<Published>& published;
    const std::unique_ptr<Sources>& sources;
    const UpstreamServers& upstream;
    cache::AnswerCache& answers;
    net::HostResolver& resolver;
    Explainer::Consult consult;  // asks the sources for a name
  };

  /// `id` is this daemon's among those that read each other's catalogs.
  ControlDesk(Parts parts, std::string id);

  /// Opens the port that is configured, if there is one, in place of the one before.
  dns::Result<dns::Done> open();
  void close() { server_.reset(); }
  /// Nothing: there is no control port.
  std::optional<dns::SocketAddress> local() const;

  /// Another table was published.
  void changed() { services_.changed(); }
  /// Gathers the figures of all workers, then calls `done`.
  void count(std::function<void(const Figures&)> done);

 private:
  void answer(net::HttpQuestion question, net::HttpAnswerer answerer);
  ServicesPort::Picture picture() const;
  Figures figures() const;
  std::vector<SourceReport> reports() const;
  std::vector<std::string> not_ready() const;

  Parts parts_;
  ControlPort control_;
  ServicesPort services_;
  Explainer explainer_;
  ExplainPort explain_;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace signpost
