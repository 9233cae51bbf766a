// `GET /v1/services` and `/v1/services/{name}`: the catalog table as JSON
// (services_document.h), with an ETag, as a long poll with `?wait=30s`, and gzip.
//
// The whole document is made once for a table, when somebody asks for it, and all
// who ask share its bytes. Who knows the content of an earlier table and says so
// (`A-IM: signpost`, as RFC 3229 has it) is told what changed since, as 226; of those bytes
// too there is one copy for all who know one content.
//
// Control thread only.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "dnsd/control/long_polls.h"
#include "dnsd/control/services_document.h"
#include "dnsd/control/services_history.h"

namespace signpost {

// A longer wait is refused: who has gone meanwhile is not noticed before it ends.
constexpr dns::Milliseconds kLongestWait{300'000};
// After a change that nobody asks about for so long, the table before it is let go, and
// whoever asks then is told everything. Longer than a reader waits (upstream/signpost_source.h).
constexpr dns::Milliseconds kUnasked{15'000};

class ServicesPort {
 public:
  struct Picture {
    cache::CatalogSnapshot table;
    dns::Name zone;
    dns::Time now;
    std::function<const std::vector<upstream::Origin>*(cache::SourceId)> origins_of;
  };

  /// `picture` says what is published now; `id` is this daemon's, as it stands in `via`.
  ServicesPort(net::Timers& timers, std::function<Picture()> picture, std::string id);
  ~ServicesPort();
  ServicesPort(const ServicesPort&) = delete;
  ServicesPort& operator=(const ServicesPort&) = delete;

  /// Whether a request of that path is for this.
  static bool takes(std::string_view path);
  /// Answers at once or later.
  void answer(net::HttpQuestion question, net::HttpAnswerer answerer);
  /// Another table was published. When one of its sources becomes old, that too is noticed.
  void changed();

 private:
  using Body = std::shared_ptr<const std::string>;
  struct Made {
    Body text;
    Body gzip;  // null: nobody took it yet
  };

  static DocumentContent content_of(const Picture& picture);
  static Made made_of(std::string text);
  void notice_ageing();
  void follow();
  bool may_be_looked_at_later(const net::HttpQuestion& question, dns::Milliseconds wait) const;
  net::HttpAnswer answer_now(const net::HttpQuestion& question);
  net::HttpAnswer whole(const net::HttpQuestion& question);
  std::optional<net::HttpAnswer> changes_alone(const net::HttpQuestion& question);
  net::HttpAnswer one(const net::HttpQuestion& question, std::string_view name);
  net::HttpAnswer unchanged(const std::string& tag) const;
  net::HttpAnswer answer_of(Made& made, const net::HttpQuestion& question,
                            const std::string& tag) const;
  net::HttpFields headers(const std::string& tag) const;

  net::Timers& timers_;
  std::function<Picture()> picture_;
  std::string id_;
  ServicesHistory history_;
  bool followed_ = false;     // `history_` is at the table that is published
  std::optional<Made> made_;  // the whole document of that table, once somebody wants it
  std::map<std::string, Made, std::less<>>
      since_;                 // what changed, by the tag of the content before
  net::TimerId ageing_ = 0;   // when the next source becomes old
  net::TimerId unasked_ = 0;  // since a change; 0: somebody asked
  LongPolls polls_;
};

}  // namespace signpost
