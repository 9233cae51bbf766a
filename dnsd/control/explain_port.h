// `GET /v1/explain?name=time&type=SRV`: what would be answered to the one who asks, and
// why (explain_document.h). A name is relative to the zone, unless it ends in a dot or
// lies below the zone; without a type it is SRV.
//
// Control thread only.
#pragma once

#include <functional>

#include "dnsd/control/explain_document.h"
#include "dnsd/net/http_question.h"

namespace signpost {

class ExplainPort {
 public:
  /// Explains a question that comes from that address, at once or later; calls `done` once.
  using Explain = std::function<void(const dns::Question&, const dns::IpAddress& client,
                                     std::function<void(Explained)> done)>;

  ExplainPort(std::function<dns::Name()> zone, Explain explain)
      : zone_(std::move(zone)), explain_(std::move(explain)) {}

  /// Whether a request of that path is for this.
  static bool takes(std::string_view path) { return path == "/v1/explain"; }
  /// 400 for a name or type that is missing or none, 405 for other methods than GET and HEAD.
  void answer(const net::HttpQuestion& question, net::HttpAnswerer answerer) const;

 private:
  std::function<dns::Name()> zone_;
  Explain explain_;
};

}  // namespace signpost
