// What the control port answers (interface.md, the control port): for now
// whether the daemon runs, and whether it is ready.
//
// Control thread only.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "dnsd/net/http_server.h"

namespace signpost {

class ControlPort {
 public:
  /// Why the daemon is not ready, a sentence each; empty when it is.
  using Reasons = std::function<std::vector<std::string>()>;

  explicit ControlPort(Reasons reasons) : reasons_(std::move(reasons)) {}

  /// The answer to one request: `/health`, `/ready`, else 404; 405 for a method
  /// that the path does not take. HEAD is answered as GET.
  net::HttpAnswer answer(const net::HttpQuestion& question) const;

 private:
  net::HttpAnswer ready() const;

  Reasons reasons_;
};

}  // namespace signpost
