#include "upstream/loop_watch.h"

#include <gtest/gtest.h>

namespace upstream {
namespace {

dns::Name name(const std::string& text) {
  return dns::Name::from_text(text).value();
}

TEST(LoopWatch, KnowsItsOwnProbesWhenTheyArrive) {
  LoopWatch watch(dns::SipKey{1});
  const dns::Name probe = watch.name_for(77);
  EXPECT_TRUE(is_loop_probe(probe.view()));
  EXPECT_EQ(probe.to_text().size(), 32U + sizeof ".signpost-loop.test." - 1);
  EXPECT_FALSE(watch.has_arrived(77));
  EXPECT_TRUE(watch.arrived(probe.view()));
  EXPECT_TRUE(watch.has_arrived(77));
  EXPECT_FALSE(watch.has_arrived(78));
}

TEST(LoopWatch, IsNotTakenInByTheNamesOfOthers) {
  LoopWatch watch(dns::SipKey{1});
  LoopWatch other(dns::SipKey{2});
  EXPECT_FALSE(watch.arrived(other.name_for(77).view()));
  EXPECT_FALSE(watch.has_arrived(77));
  const std::string label = watch.name_for(77).to_text().substr(0, 32);
  for (const std::string& text :
       {std::string("signpost-loop.test."), std::string("x.signpost-loop.test."),
        label + ".loop.test.", label + ".x.signpost-loop.test.",
        "x" + label + ".signpost-loop.test.", std::string(32, 'z') + ".signpost-loop.test.",
        std::string("web.example."), std::string(".")}) {
    EXPECT_FALSE(watch.arrived(name(text).view())) << text;
  }
  EXPECT_FALSE(watch.has_arrived(77));
}

TEST(LoopWatch, KeepsWhoLoopsForAllAndTellsThatItChanged) {
  LoopWatch watch(dns::SipKey{1});
  const auto before = watch.version();
  EXPECT_FALSE(watch.set_looping("192.0.2.1", false)) << "no news";
  EXPECT_EQ(watch.version(), before);
  EXPECT_TRUE(watch.set_looping("192.0.2.1", true));
  EXPECT_FALSE(watch.set_looping("192.0.2.1", true));
  EXPECT_TRUE(watch.is_looping("192.0.2.1"));
  EXPECT_FALSE(watch.is_looping("192.0.2.2"));
  EXPECT_EQ(watch.version(), before + 1);
  EXPECT_TRUE(watch.set_looping("192.0.2.1", false));
  EXPECT_FALSE(watch.is_looping("192.0.2.1"));
}

}  // namespace
}  // namespace upstream
