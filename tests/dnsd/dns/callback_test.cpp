#include "dnsd/dns/callback.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace dns {
namespace {

using Said = Callback<void(const std::string&, int), 16>;

TEST(Callback, CallsWithWhatItCaptured) {
  std::vector<std::string> heard;
  const Said said = [&heard](const std::string& text, int times) {
    heard.assign(static_cast<std::size_t>(times), text);
  };
  said("time", 2);
  EXPECT_EQ(heard, (std::vector<std::string>{"time", "time"}));
}

TEST(Callback, ACopyIsACallbackOfItsOwn) {
  int first = 0, second = 0;
  Said one = [&first](const std::string&, int more) { first += more; };
  const Said before = one;
  one = Said([&second](const std::string&, int more) { second += more; });
  before("", 1);
  one("", 2);
  EXPECT_EQ(first, 1);
  EXPECT_EQ(second, 2);
}

TEST(Callback, IsMadeOnlyOfWhatCanBeCalled) {
  EXPECT_FALSE((std::is_constructible_v<Said, int*>));
  EXPECT_FALSE((std::is_constructible_v<Said, std::string>));
  const auto fits = [](const std::string&, int) {};
  EXPECT_TRUE((std::is_convertible_v<decltype(fits), Said>));
}

}  // namespace
}  // namespace dns
