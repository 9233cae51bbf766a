#include "dnsd/net/signals.h"

#include <signal.h>
#include <unistd.h>

#include <memory>
#include <string>

#include "tests/support/loop_fixture.h"

namespace net {
namespace {

class SignalsTest : public support::LoopTest {
 protected:
  std::string heard;

  Signals::Handlers handlers() {
    return {[this] { heard += "reload "; }, [this] { heard += "stop "; },
            [this] { heard += "dump "; }};
  }
};

TEST_F(SignalsTest, EachCallsItsHandler) {
  const Signals signals(loop, handlers());
  for (const auto& [number, says] : {std::pair(SIGHUP, "reload "), std::pair(SIGUSR1, "dump "),
                                     std::pair(SIGTERM, "stop "), std::pair(SIGINT, "stop ")}) {
    heard.clear();
    ASSERT_EQ(kill(getpid(), number), 0);
    EXPECT_TRUE(run_until([this] { return !heard.empty(); }));
    EXPECT_EQ(heard, says);
  }
}

TEST_F(SignalsTest, ABrokenPipeEndsNothing) {
  const Signals signals(loop, handlers());
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
  close(ends[1]);
}

TEST_F(SignalsTest, AHandlerMayDestroyThem) {
  std::unique_ptr<Signals> signals;
  Signals::Handlers chosen = handlers();
  chosen.stop = [&] {
    heard += "stop ";
    signals.reset();
  };
  signals = std::make_unique<Signals>(loop, chosen);
  ASSERT_EQ(kill(getpid(), SIGTERM), 0);
  EXPECT_TRUE(run_until([this] { return heard == "stop "; }));
}

}  // namespace
}  // namespace net
