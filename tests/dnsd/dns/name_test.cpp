#include "dnsd/dns/name.h"

#include <gtest/gtest.h>

#include "tests/support/wire_text.h"

namespace dns {
namespace {

using support::wire;

Name name(std::string_view text) {
  return Name::from_text(text).value();
}

std::string error(std::string_view text) {
  const auto read = Name::from_text(text);
  return read.ok() ? "no error for " + std::string(text) : read.error().message;
}

std::string label(std::size_t size) {
  return std::string(size, 'a');
}

/// 255 bytes in wire form: three labels of 63 and one of 61.
std::string longest_name() {
  return label(63) + "." + label(63) + "." + label(63) + "." + label(61);
}

TEST(NameFromText, IsAbsoluteWithOrWithoutTheLastDot) {
  EXPECT_EQ(name("web.example"), name("web.example."));
  EXPECT_EQ(name("web.example").view(), NameView("\3web\7example\0", 13));
  EXPECT_EQ(name("web.example").to_text(), "web.example.");
}

TEST(NameFromText, TheDotAloneIsTheRoot) {
  EXPECT_TRUE(name(".").is_root());
  EXPECT_EQ(name(".").to_text(), ".");
  EXPECT_EQ(name("."), Name());
}

TEST(NameFromText, FoldsAsciiLettersOnly) {
  EXPECT_EQ(name("WEB.Example"), name("web.example"));
  EXPECT_NE(name("\\195\\132.example"), name("\\227\\132.example")) << "RFC 4343: ASCII alone";
  EXPECT_NE(name("a@.example"), name("a`.example")) << "the bytes beside A to Z stay";
  EXPECT_NE(name("a[.example"), name("a{.example"));
}

TEST(NameFromText, ReadsEscapes) {
  EXPECT_EQ(name(R"(a\.b.c)").view(), NameView("\3a.b\1c\0", 7));
  EXPECT_EQ(name(R"(\042.dev)"), name("*.dev")) << "decimal, RFC 1035, 5.1";
  EXPECT_EQ(name(R"(\065.dev)"), name("a.dev")) << "an escaped letter folds too";
  EXPECT_EQ(name(R"(a\\b.c)").view(), NameView("\3a\\b\1c\0", 7));
  EXPECT_EQ(name(R"(\000.c)").view(), NameView("\1\0\1c\0", 5));
}

TEST(NameFromText, RefusesBrokenEscapes) {
  EXPECT_FALSE(Name::from_text(R"(\256.c)").ok());
  EXPECT_FALSE(Name::from_text(R"(\25)").ok());
  EXPECT_FALSE(Name::from_text(R"(\2a5.c)").ok());
  EXPECT_FALSE(Name::from_text("a\\").ok());
}

TEST(NameFromText, RefusesEmptyLabels) {
  EXPECT_FALSE(Name::from_text("").ok());
  EXPECT_FALSE(Name::from_text("..").ok());
  EXPECT_FALSE(Name::from_text(".web").ok());
  EXPECT_FALSE(Name::from_text("web..example").ok());
  EXPECT_NE(error("web..example").find("empty"), std::string::npos) << error("web..example");
}

TEST(NameFromText, TakesLabelsOf63BytesAndNoMore) {
  EXPECT_TRUE(Name::from_text(label(63) + ".c").ok());
  EXPECT_FALSE(Name::from_text(label(64) + ".c").ok());
  EXPECT_NE(error(label(64)).find("63"), std::string::npos) << error(label(64));
}

TEST(NameFromText, TakesNamesOf255BytesAndNoMore) {
  EXPECT_EQ(name(longest_name()).size(), kMaxName);
  EXPECT_EQ(name(longest_name() + ".").size(), kMaxName);
  EXPECT_FALSE(Name::from_text(longest_name() + "a").ok());
  EXPECT_FALSE(Name::from_text(longest_name() + ".a").ok());
  EXPECT_NE(error(longest_name() + "a").find("255"), std::string::npos);
}

TEST(NameToText, EscapesWhatWouldReadOtherwise) {
  for (const char* text : {R"(a\.b.c.)", R"(a\\b.)", R"(\000\009\032\127\255.)", "_x._tcp.a-b."})
    EXPECT_EQ(name(text).to_text(), text);
}

TEST(NameToText, ReadsBackForEveryByte) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::uint8_t bytes[] = {1, lower(static_cast<std::uint8_t>(byte)), 0};
    const NameView view(reinterpret_cast<const char*>(bytes), 3);
    const auto back = Name::from_text(to_text(view));
    ASSERT_TRUE(back.ok()) << to_text(view);
    EXPECT_EQ(back.value().view(), view) << to_text(view);
  }
}

TEST(NamePushFront, PutsALabelBeforeTheRest) {
  Name name = dns::Name::from_text("example").value();
  EXPECT_TRUE(name.push_front("WEB"));
  EXPECT_EQ(name.to_text(), "web.example.");
}

TEST(NamePushFront, LeavesTheNameAloneWhenTheLabelCannotGoIn) {
  Name zone = name("example");
  EXPECT_FALSE(zone.push_front(""));
  EXPECT_FALSE(zone.push_front(label(64)));
  EXPECT_EQ(zone, name("example"));
  Name full = name(longest_name().substr(2));  // 253 bytes
  EXPECT_FALSE(full.push_front("ab"));
  EXPECT_EQ(full.size(), kMaxName - 2);
  EXPECT_TRUE(full.push_front("b"));
  EXPECT_EQ(full.size(), kMaxName);
}

TEST(NameParts, AreLabelsNotDots) {
  const Name odd = name(R"(a\.b.c)");
  EXPECT_EQ(label_count(odd.view()), 2U);
  EXPECT_EQ(first_label(odd.view()), "a.b");
  EXPECT_EQ(parent(odd.view()), name("c").view());
  EXPECT_EQ(label_count(Name().view()), 0U);
  EXPECT_EQ(first_label(Name().view()), "");
}

TEST(IsWithin, IsTrueOfTheZoneItselfAndBelow) {
  EXPECT_TRUE(is_within(name("example").view(), name("example").view()));
  EXPECT_TRUE(is_within(name("a.b.example").view(), name("example").view()));
  EXPECT_TRUE(is_within(name("example").view(), Name().view())) << "all is below the root";
  EXPECT_TRUE(is_within(Name().view(), Name().view()));
}

TEST(IsWithin, SeesLabelBordersOnly) {
  EXPECT_FALSE(is_within(name("notexample").view(), name("example").view()));
  EXPECT_FALSE(is_within(name("example").view(), name("a.example").view()));
  EXPECT_FALSE(is_within(Name().view(), name("example").view()));
  EXPECT_FALSE(is_within(name(R"(a\.example)").view(), name("example").view()));
  // The bytes of the zone (7 example 0) stand at the end, but inside a label.
  EXPECT_FALSE(is_within(name(R"(ab\007example)").view(), name("example").view()));
}

TEST(NameReader, ReadsAPlainNameAndSaysWhereItEnds) {
  const Wire message = wire("ff 03 'WeB' 07 'example' 00 aa");
  Name read;
  EXPECT_EQ(NameReader::read(message, 1, read), 14U);
  EXPECT_EQ(read, name("web.example"));
  EXPECT_EQ(NameReader::skip(message, 1), 14U);
}

TEST(NameReader, FollowsPointersBackwards) {
  const Wire message = wire("07 'example' 00 03 'web' c000 01 'a' c009 aa");
  Name read;
  EXPECT_EQ(NameReader::read(message, 15, read), 19U) << "the end is after the first pointer";
  EXPECT_EQ(read, name("a.web.example"));
  EXPECT_EQ(NameReader::skip(message, 15), 19U);
}

TEST(NameReader, RefusesPointersThatDoNotPointBackwards) {
  Name read;
  const Wire self = wire("c000");
  EXPECT_EQ(NameReader::read(self, 0, read), 0U) << "at itself";
  const Wire forward = wire("c002 00");
  EXPECT_EQ(NameReader::read(forward, 0, read), 0U) << "forward";
  const Wire loop = wire("01 'a' c004 01 'b' c000");
  EXPECT_EQ(NameReader::read(loop, 0, read), 0U);
  EXPECT_EQ(NameReader::read(loop, 4, read), 0U) << "two that point at each other";
  const Wire own_label = wire("01 'a' c000");
  EXPECT_EQ(NameReader::read(own_label, 0, read), 0U) << "at the front of the name itself";
  const Wire beyond = wire("00 ffff");
  EXPECT_EQ(NameReader::read(beyond, 1, read), 0U) << "past the end";
}

TEST(NameReader, RefusesWhatIsCutOff) {
  const Wire message = wire("03 'web' 07 'example' 00");
  Name read;
  for (std::size_t size = 0; size < message.size(); ++size) {
    const Wire cut(message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_EQ(NameReader::read(cut, 0, read), 0U) << size;
    EXPECT_EQ(NameReader::skip(cut, 0), 0U) << size;
  }
  EXPECT_EQ(NameReader::read(message, message.size(), read), 0U);
  EXPECT_EQ(NameReader::read(message, message.size() + 9, read), 0U);
  EXPECT_EQ(NameReader::skip(message, message.size() + 9), 0U);
  EXPECT_EQ(NameReader::read(wire("00 c0"), 1, read), 0U) << "half a pointer";
  EXPECT_EQ(NameReader::skip(wire("00 c0"), 1), 0U);
}

TEST(NameReader, RefusesLabelTypesThatDoNotExist) {
  Name read;
  EXPECT_EQ(NameReader::read(wire("40 00 00"), 0, read), 0U) << "RFC 6891, 5: 01 is deprecated";
  EXPECT_EQ(NameReader::read(wire("80 00 00"), 0, read), 0U) << "10 is reserved";
  EXPECT_EQ(NameReader::skip(wire("40 00 00"), 0), 0U);
  EXPECT_EQ(NameReader::skip(wire("80 00 00"), 0), 0U);
}

TEST(NameReader, TakesNamesOf255BytesAndNoMore) {
  const Name longest = name(longest_name());
  Wire message(longest.data(), longest.data() + longest.size());
  Name read;
  EXPECT_EQ(NameReader::read(message, 0, read), kMaxName);
  EXPECT_EQ(read, longest);
  const std::size_t at = message.size();
  const Wire longer = wire("01 'a' c000");
  message.insert(message.end(), longer.begin(), longer.end());
  EXPECT_EQ(NameReader::read(message, at, read), 0U) << "257 bytes, by a pointer";
}

TEST(NameReader, ChecksAsItReads) {
  for (const char* text : {"03 'WeB' 00", "03 'web' c000", "02 'ab' 00 01 'c' c000", "c000",
                           "40 00", "03 'we'", "01 'a' c0"}) {
    const Wire message = wire(text);
    Name read;
    for (std::size_t at = 0; at <= message.size(); ++at) {
      EXPECT_EQ(NameReader::check(message, at), NameReader::read(message, at, read)) << text << at;
    }
  }
}

TEST(NameReader, IsQuickWithLongChainsOfPointers) {
  Wire message = wire("00");
  for (std::size_t at = 1; at + 2 < 16000; at += 2) {
    const std::size_t to = at == 1 ? 0 : at - 2;
    message.push_back(static_cast<std::uint8_t>(0xc0 | to >> 8));
    message.push_back(static_cast<std::uint8_t>(to));
  }
  Name read;
  const std::size_t last = message.size() - 2;
  const std::size_t end = NameReader::read(message, last, read);
  if (end != 0) {
    EXPECT_EQ(end, message.size());
    EXPECT_TRUE(read.is_root());
  }
}

TEST(CopyLower, FoldsEachByteAsLowerDoes) {
  std::array<std::uint8_t, 256> all;
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<std::uint8_t>(i);
  for (std::size_t size = 0; size < 20; ++size) {
    for (std::size_t from = 0; from + size <= all.size(); ++from) {
      std::array<std::uint8_t, 24> to{};
      copy_lower(to.data() + 2, &all[from], size);
      for (std::size_t i = 0; i < size; ++i) ASSERT_EQ(to[i + 2], lower(all[from + i]));
      EXPECT_EQ(to[1], 0) << "before";
      EXPECT_EQ(to[size + 2], 0) << "behind";
    }
  }
}

TEST(HashName, DependsOnEachByteOfNamesOfAnyLength) {
  for (std::size_t size = 1; size < 40; ++size) {
    const std::string text(size, 'a');
    const auto whole = hash_name(name(text).view(), 1);
    for (std::size_t i = 0; i < size; ++i) {
      std::string other = text;
      other[i] = 'b';
      EXPECT_NE(hash_name(name(other).view(), 1), whole) << size << ' ' << i;
    }
  }
}

TEST(HashName, IsTheSameForTheSameNameAndSeed) {
  EXPECT_EQ(hash_name(name("Web.Example").view(), 7), hash_name(name("web.example").view(), 7));
  EXPECT_EQ(hash_seed(), hash_seed());
}

TEST(HashName, DependsOnTheSeedAndEachByte) {
  const Name web = name("web.example");
  EXPECT_NE(hash_name(web.view(), 1), hash_name(web.view(), 2));
  EXPECT_NE(hash_name(web.view(), 1), hash_name(name("wec.example").view(), 1));
  EXPECT_NE(hash_name(name("a.b").view(), 1), hash_name(name(R"(a\001b)").view(), 1));
}

TEST(HashName, SpreadsNamesOverItsTopBitsEvenly) {
  std::array<int, 256> shards{};
  constexpr int kNames = 25600;
  for (int i = 0; i < kNames; ++i)
    ++shards[hash_name(name("service-" + std::to_string(i) + ".example").view(), 99) >> 56];
  double chi = 0;
  for (const int count : shards) chi += (count - 100.0) * (count - 100.0) / 100.0;
  EXPECT_LT(chi, 347.7) << "255 degrees of freedom: 1 in 10,000 is above";
}

}  // namespace
}  // namespace dns
