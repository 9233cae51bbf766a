// Reads a hosted zone whole: page after page, each from where the one before
// says that it goes on (name, type and, where there is one, identifier).
//
// A page that fails fails the reading: half a zone is none.
//
// Control thread only.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "upstream/route53_api.h"
#include "upstream/route53_xml.h"

namespace upstream {

struct Route53Listing {
  std::vector<Route53RecordSet> sets;
  std::vector<std::string> left_out;  // sets that made no sense; a sentence each
};

class Route53Reader {
 public:
  using Outcome = std::variant<Route53Listing, Route53Failure>;
  using Done = std::function<void(Outcome)>;

  /// `api` must outlive this.
  explicit Route53Reader(Route53Api& api) : api_(api) {}
  ~Route53Reader() { api_.cancel(call_); }
  Route53Reader(const Route53Reader&) = delete;
  Route53Reader& operator=(const Route53Reader&) = delete;

  /// `done` is called once, never before read() returns, and may destroy this.
  /// REQUIRES: no reading is under way.
  void read(const std::string& zone_id, Done done);

 private:
  using Next = Route53SetsPage::Next;

  void ask(const Next* from);
  void heard(const Route53Outcome& outcome);
  void fail(Route53Failure failure);
  void finish(Outcome outcome);

  Route53Api& api_;
  Route53Api::CallId call_ = 0;
  std::string zone_id_;
  Done done_;
  Next asked_;  // from where the last page was asked for
  Route53Listing listing_;
};

}  // namespace upstream
