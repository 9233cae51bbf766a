// What the control port answers of itself (interface.md, the control port):
// whether the daemon runs, whether it is ready, and its figures.
//
// Control thread only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dnsd/control/figures.h"
#include "dnsd/net/http_server.h"

namespace signpost {

class ControlPort {
 public:
  /// Why the daemon is not ready, a sentence each; empty when it is.
  using Reasons = std::function<std::vector<std::string>()>;
  using Reports = std::function<std::vector<SourceReport>()>;

  ControlPort(Reasons reasons, Reports reports)
      : reasons_(std::move(reasons)), reports_(std::move(reports)) {}

  /// The answer to one request: `/health`, `/ready`, else 404; 405 for a method
  /// that the path does not take. HEAD is answered as GET.
  net::HttpAnswer answer(const net::HttpQuestion& question) const;

  /// `GET /metrics`: its figures have to be gathered first.
  static bool is_metrics(const net::HttpQuestion& question);
  /// `unix_seconds`: the wall clock.
  static net::HttpAnswer metrics(const Figures& figures, double unix_seconds);

 private:
  net::HttpAnswer ready() const;

  Reasons reasons_;
  Reports reports_;
};

}  // namespace signpost
