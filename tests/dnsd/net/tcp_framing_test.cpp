#include "dnsd/net/tcp_framing.h"

#include <gtest/gtest.h>

#include <string>

namespace net {
namespace {

class TcpFramingTest : public testing::Test {
 protected:
  void feed(dns::WireView bytes) {
    framing.feed(bytes, [this](dns::WireView message) {
      taken.emplace_back(message.begin(), message.end());
      return go_on;
    });
  }
  static dns::Wire bytes(const std::string& text) { return {text.begin(), text.end()}; }
  static dns::Wire stream(const std::vector<dns::Wire>& messages) {
    dns::Wire out;
    for (const auto& message : messages) {
      const auto one = framed(message);
      out.insert(out.end(), one.begin(), one.end());
    }
    return out;
  }

  TcpFraming framing;
  std::vector<dns::Wire> taken;
  bool go_on = true;
};

TEST_F(TcpFramingTest, HandsOutMessagesWhereverTheStreamIsCut) {
  const std::vector<dns::Wire> sent{bytes("one"), bytes(""), bytes("and the third"), bytes("4")};
  const auto all = stream(sent);
  for (std::size_t first = 0; first <= all.size(); ++first) {
    for (std::size_t second = first; second <= all.size(); ++second) {
      taken.clear();
      feed(dns::WireView(all).first(first));
      feed(dns::WireView(all).subspan(first, second - first));
      feed(dns::WireView(all).subspan(second));
      ASSERT_EQ(taken, sent) << "cut at " << first << " and " << second;
      ASSERT_TRUE(framing.between_messages());
    }
  }
}

TEST_F(TcpFramingTest, HandsOutOneByteAtATime) {
  const std::vector<dns::Wire> sent{bytes("one"), dns::Wire(65535, 7)};
  for (const auto byte : stream(sent)) feed({&byte, 1});
  EXPECT_EQ(taken, sent);
}

TEST_F(TcpFramingTest, KeepsTheBeginningOfTheNextMessage) {
  feed(bytes(std::string("\0\3on", 4)));
  EXPECT_TRUE(taken.empty());
  EXPECT_FALSE(framing.between_messages());
}

TEST_F(TcpFramingTest, StopsWhenToldTo) {
  go_on = false;
  feed(stream({bytes("one"), bytes("two")}));
  EXPECT_EQ(taken.size(), 1U);
}

TEST_F(TcpFramingTest, MayBeDestroyedByWhoTakesAMessage) {
  for (const std::size_t cut : {0U, 3U}) {
    auto owned = std::make_unique<TcpFraming>();
    const auto all = stream({bytes("one"), bytes("two")});
    owned->feed(dns::WireView(all).first(cut), [](dns::WireView) { return true; });
    owned->feed(dns::WireView(all).subspan(cut), [&](dns::WireView) {
      owned.reset();
      return false;
    });
    EXPECT_EQ(owned, nullptr);
  }
}

}  // namespace
}  // namespace net
