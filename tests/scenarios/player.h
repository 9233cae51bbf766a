// Plays a scenario with the whole daemon but its sockets and its clock.
//
// What the daemon does is put in one line, in the order it does it: replies,
// questions to servers, questions to catalogs. A step that expects one takes the
// first of them, and it must be that; a step that does something finds the line
// empty. So what nobody expected, or what never came, fails.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "tests/scenarios/played_daemon.h"
#include "tests/scenarios/scenario.h"

namespace scenario {

class Player {
 public:
  explicit Player(const Scenario& scenario);

  /// Plays all steps. The first that went wrong; nothing: all went well.
  std::optional<Problem> play();

 private:
  using Deed = std::variant<Reply, support::Asked, CatalogIsAsked>;

  std::string set_up();
  std::string play(const What& step);
  std::string act(const ClientAsks& asks);
  std::string act(const ClientSends& sends);
  std::string act(const ClientHears& hears);
  std::string act(const ServerIsProbed& expected);
  std::string act(const ServerIsAsked& asked);
  std::string act(const ServerAnswers& answers);
  std::string act(const ServerActs& acts);
  std::string act(const FileSays& file);
  std::string act(const CatalogIsAsked& asked);
  std::string act(const CatalogAnswers& answers);
  std::string act(const TimePasses& time);
  std::string act(const NobodyIsAsked& nobody);

  void note(Deed deed);
  void note_asked();
  std::string wrong_for_its_query(const Reply& reply) const;
  const support::Asked* asked_of(const dns::SocketAddress& server,
                                 const std::optional<dns::Question>& question) const;
  static std::string in_words(const Deed& deed);

  const Scenario& scenario_;
  support::FakeClock clock_;
  support::FakeNetwork network_{clock_};
  std::deque<Deed> deeds_;
  std::vector<support::Asked> asked_;  // all that servers were asked
  struct Sent {
    Client client;
    bool tcp = false;
    dns::Wire bytes;
    std::size_t most = 0;  // of its reply
  };
  std::vector<Sent> sent_;  // by clients
  std::uint16_t last_id_ = 0;
  std::unique_ptr<PlayedDaemon> daemon_;
};

}  // namespace scenario
