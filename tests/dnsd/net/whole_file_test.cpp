#include "dnsd/net/whole_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/temporary_folder.h"

namespace {

using net::read_whole_file;

class WholeFile : public ::testing::Test {
 protected:
  support::TemporaryFolder folder;
  const std::string file = folder / "a";

  std::string error(std::size_t most) { return read_whole_file(file, most).error().message; }
};

TEST_F(WholeFile, GivesTheBytesAsTheyAre) {
  const std::string bytes = std::string("a\0b\n", 4) + std::string(200'000, 'x');
  support::write_file(file, bytes);
  EXPECT_EQ(read_whole_file(file, bytes.size()).value(), bytes);
  support::write_file(file, "");
  EXPECT_EQ(read_whole_file(file, 0).value(), "");
}

TEST_F(WholeFile, RefusesWhatIsTooLarge) {
  support::write_file(file, "abc");
  EXPECT_EQ(error(2), file + ": expected a file of at most 2 bytes, found a larger one");
}

TEST_F(WholeFile, RefusesAFileWhoseLengthIsNotSaidAndTooLarge) {
  EXPECT_EQ(read_whole_file("/proc/self/status", 10).error().message,
            "/proc/self/status: expected a file of at most 10 bytes, found a larger one");
  EXPECT_GT(read_whole_file("/proc/self/status", 100'000).value().size(), 10u);
}

TEST_F(WholeFile, SaysThatThereIsNoFile) {
  EXPECT_EQ(error(9),
            file + ": expected a file that can be read, found: No such file or directory");
}

TEST_F(WholeFile, DoesNotWaitForAPipeNorReadAFolder) {
  ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
  EXPECT_EQ(error(9), file + ": expected a file, found something else");
  EXPECT_FALSE(read_whole_file(folder.path(), 9).ok());
}

class WhatChanged : public WholeFile {
 protected:
  /// The file's bytes as they are told; REQUIRES: they are.
  std::string told(const std::string& known, const std::string& now) {
    support::write_file(file, now);
    const auto change = net::read_what_changed(file, 1'000'000, known).value();
    bytes = change.bytes;
    return known.substr(0, change.front) + bytes + known.substr(known.size() - change.back);
  }
  std::string bytes;
};

TEST_F(WhatChanged, IsWhatLiesBetweenTheSameBytes) {
  const std::string known = std::string(200'000, 'x') + "one" + std::string(100'000, 'y');
  for (const std::string middle : {"two", "onetwo", "", "e", "on"}) {
    const std::string now = std::string(200'000, 'x') + middle + std::string(100'000, 'y');
    EXPECT_EQ(told(known, now), now);
    EXPECT_LE(bytes.size(), middle.size());
  }
  EXPECT_EQ(told(known, "a" + known), "a" + known);
  EXPECT_EQ(bytes, "a");
  EXPECT_EQ(told(known, known + "a"), known + "a");
  EXPECT_EQ(bytes, "a");
  EXPECT_EQ(told(known, known), known);
  EXPECT_EQ(bytes, "");
  EXPECT_EQ(told(known, known.substr(0, 150'000)), known.substr(0, 150'000));
  EXPECT_EQ(told("", "all"), "all");
  EXPECT_EQ(told(std::string(9, 'x'), std::string(5, 'x')), std::string(5, 'x'));
}

TEST_F(WhatChanged, IsNotSaidOfAFileThatIsEmptyAwayTooLargeOrOfNoLength) {
  EXPECT_FALSE(net::read_what_changed(file, 9, "known"));
  support::write_file(file, "");
  EXPECT_FALSE(net::read_what_changed(file, 9, "known"));
  support::write_file(file, "0123456789");
  EXPECT_FALSE(net::read_what_changed(file, 9, "known"));
  EXPECT_TRUE(net::read_what_changed(file, 10, "known"));
  EXPECT_FALSE(net::read_what_changed("/proc/self/status", 100'000, "known"));
  EXPECT_FALSE(net::read_what_changed("/", 100'000, "known"));
}

}  // namespace
