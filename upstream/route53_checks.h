// What Route 53's health checks say, asked slowly: the API has no verdicts, only
// what each checker saw, and takes few requests (contracts.md, 3.7).
//
// A check that is inverted or switched off counts as such. One that cannot be asked for
// (a calculated one) is unknown; one whose asking fails keeps what it was.
//
// Control thread only.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "cache/instance.h"
#include "upstream/route53_api.h"
#include "upstream/route53_xml.h"

namespace upstream {

// One check after the other, all of them in a minute where they are few.
constexpr dns::Milliseconds kChecksRound{60'000};
constexpr dns::Milliseconds kChecksGapLeast{4'000};
constexpr dns::Milliseconds kFirstCheckGap{1'000};  // of those never asked for
constexpr dns::Milliseconds kCheckListAge{600'000};
constexpr dns::Milliseconds kCheckListRetry{60'000};  // after a failure that passes

class Route53Checks {
 public:
  using Verdicts = std::map<std::string, cache::Status>;

  /// `changed` is called when a verdict is not what it was. All must outlive this.
  Route53Checks(Route53Api& api, net::Timers& timers, std::function<void()> changed)
      : api_(api), timers_(timers), changed_(std::move(changed)) {}
  ~Route53Checks();
  Route53Checks(const Route53Checks&) = delete;
  Route53Checks& operator=(const Route53Checks&) = delete;

  /// The checks to ask for, from now on; others are forgotten.
  void want(std::set<std::string> ids);

  const Verdicts& verdicts() const { return verdicts_; }

 private:
  void list(const std::string& marker);
  void listed(const Route53Outcome& outcome);
  void ask_later();
  void ask();
  std::string next_to_ask() const;
  void heard(const std::string& id, const Route53Outcome& outcome);
  cache::Status verdict_of(const std::string& id, const Route53Checkers& checkers) const;
  void say(const std::string& why);
  bool is_asked_for(const std::string& id) const;
  void take(const std::string& id, cache::Status verdict);

  Route53Api& api_;
  net::Timers& timers_;
  std::function<void()> changed_;
  std::set<std::string> wanted_;
  std::set<std::string> unasked_;                  // never asked for
  std::map<std::string, Route53CheckForm> forms_;  // of those that were listed
  bool forms_stand_ = false;             // listed, or the credentials may not: then all are plain
  std::optional<dns::Time> list_after_;  // nothing: forms of some are not known
  std::string marker_;                   // of the page asked for last
  std::string last_asked_;
  Verdicts verdicts_;
  std::string said_;  // of failures, last
  Route53Api::CallId call_ = 0;
  net::TimerId timer_ = 0;
};

}  // namespace upstream
