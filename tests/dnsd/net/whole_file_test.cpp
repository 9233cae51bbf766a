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

}  // namespace
