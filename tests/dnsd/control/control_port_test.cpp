#include "dnsd/control/control_port.h"

#include <gtest/gtest.h>

namespace signpost {
namespace {

const std::string kSource =
    "source file:x: no good refresh yet, 0 names, 0 failures, 0 requests, 0 throttled\n";

net::HttpAnswer answer(const std::string& method, const std::string& path,
                       const std::vector<std::string>& reasons = {}) {
  SourceReport source;
  source.name = "file:x";
  const ControlPort port([&] { return reasons; }, [&] { return std::vector{source}; });
  return port.answer({method, path, {}, {}, "", {}});
}

TEST(ControlPort, IsHealthyWhileItRuns) {
  EXPECT_EQ(answer("GET", "/health", {"not yet"}).status, 200);
  EXPECT_EQ(answer("GET", "/health").body, "ok\n");
}

TEST(ControlPort, IsReadyWithoutAReasonNotToBe) {
  EXPECT_EQ(answer("GET", "/ready").status, 200);
  EXPECT_EQ(answer("GET", "/ready").body, "ready\n" + kSource);
}

TEST(ControlPort, GivesTheReasonsOneALine) {
  const auto found = answer("GET", "/ready", {"one", "two"});
  EXPECT_EQ(found.status, 503);
  EXPECT_EQ(found.body, "one\ntwo\n" + kSource);
}

TEST(ControlPort, TakesHeadAsGet) {
  EXPECT_EQ(answer("HEAD", "/ready", {"one"}).status, 503);
}

TEST(ControlPort, NamesTheMethodItTakes) {
  const auto found = answer("POST", "/health");
  EXPECT_EQ(found.status, 405);
  EXPECT_EQ(*net::find_field(found.headers, "Allow"), "GET, HEAD");
  EXPECT_EQ(found.body, "{\"error_message\":\"/health takes GET, not POST\"}\n");
}

TEST(ControlPort, SaysThatAPathIsUnknown) {
  const auto found = answer("POST", "/nowhere\xff\"");
  EXPECT_EQ(found.status, 404);
  EXPECT_EQ(found.body, "{\"error_message\":\"nothing is at /nowhere\xef\xbf\xbd\\\"\"}\n");
}

}  // namespace
}  // namespace signpost
