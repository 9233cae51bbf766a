#include "dnsd/dns/codes.h"

#include <gtest/gtest.h>

namespace dns {
namespace {

TEST(TypeText, IsTheIanaNameOrRfc3597sForm) {
  EXPECT_EQ(to_text(Type::SRV), "SRV");
  EXPECT_EQ(to_text(Type::AAAA), "AAAA");
  EXPECT_EQ(to_text(Type{65280}), "TYPE65280");
  EXPECT_EQ(to_text(Type{0}), "TYPE0");
}

TEST(TypeText, ReadsBackForEveryNumber) {
  for (unsigned number = 0; number <= 65535; ++number) {
    const Type type{static_cast<std::uint16_t>(number)};
    ASSERT_EQ(type_from_text(to_text(type)), type) << to_text(type);
  }
}

TEST(TypeText, IsReadInAnyCase) {
  EXPECT_EQ(type_from_text("srv"), Type::SRV);
  EXPECT_EQ(type_from_text("Aaaa"), Type::AAAA);
  EXPECT_EQ(type_from_text("type28"), Type::AAAA);
  EXPECT_EQ(type_from_text("TYPE1"), Type::A);
}

TEST(TypeText, IsNothingForOtherText) {
  for (const char* text :
       {"", "SRVX", "SR", "TYPE", "TYPE65536", "TYPE-1", "TYPE1x", "TYPE 1", "TYPE+1", "33", " A"})
    EXPECT_EQ(type_from_text(text), std::nullopt) << '"' << text << '"';
}

TEST(RcodeText, IsTheIanaName) {
  EXPECT_EQ(to_text(Rcode::NOERROR), "NOERROR");
  EXPECT_EQ(to_text(Rcode::NXDOMAIN), "NXDOMAIN");
  EXPECT_EQ(to_text(Rcode::BADVERS), "BADVERS");
}

}  // namespace
}  // namespace dns
