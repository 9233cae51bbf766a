#include "dnsd/net/memory_limit.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace {

class MemoryLimit : public ::testing::Test {
 protected:
  void file(const std::string& path, const std::string& text) {
    const std::string whole = folder / path;
    std::filesystem::create_directories(std::filesystem::path(whole).parent_path());
    support::write_file(whole, text);
  }
  void in_groups(const std::string& lines) { file("proc/self/cgroup", lines); }
  void limit(const std::string& group, const std::string& text) {
    file("sys/fs/cgroup/" + group, text);
  }
  std::optional<std::uint64_t> found() { return net::memory_limit(folder.path()); }

  support::TemporaryFolder folder;
};

TEST_F(MemoryLimit, IsNothingWhereNoGroupsAre) {
  EXPECT_EQ(found(), std::nullopt);
  in_groups("");
  EXPECT_EQ(found(), std::nullopt);
}

TEST_F(MemoryLimit, IsThatOfItsOwnGroup) {
  in_groups("0::/system.slice/signpost.service\n");
  limit("system.slice/signpost.service/memory.max", "134217728\n");
  EXPECT_EQ(found(), 134'217'728U);
}

TEST_F(MemoryLimit, IsTheTightestOfTheGroupsAbove) {
  in_groups("0::/a/b/c\n");
  limit("a/b/c/memory.max", "300\n");
  limit("a/b/memory.max", "max\n");
  limit("a/memory.max", "200\n");
  EXPECT_EQ(found(), 200U);
  limit("a/b/memory.max", "100\n");
  EXPECT_EQ(found(), 100U);
}

TEST_F(MemoryLimit, IsNothingWhereAllSayMax) {
  in_groups("0::/a\n");
  limit("a/memory.max", "max\n");
  EXPECT_EQ(found(), std::nullopt);
}

TEST_F(MemoryLimit, IsThatOfTheTopInAContainer) {
  in_groups("0::/\n");
  limit("memory.max", "67108864\n");
  EXPECT_EQ(found(), 67'108'864U);
}

TEST_F(MemoryLimit, IsThatOfTheTopWhereTheGroupIsNamedAsTheHostNamesIt) {
  in_groups("5:memory:/docker/0123abcd\n");
  limit("memory/memory.limit_in_bytes", "67108864\n");
  EXPECT_EQ(found(), 67'108'864U);
}

TEST_F(MemoryLimit, DoesNotClimbOutOfTheTop) {
  in_groups("0::/../../a\n");
  limit("memory.max", "500\n");
  file("a/memory.max", "1\n");
  file("sys/a/memory.max", "2\n");
  EXPECT_EQ(found(), 500U);
}

TEST_F(MemoryLimit, ReadsVersionOneBesideOtherControllers) {
  in_groups("7:cpu,cpuacct:/x\n6:hugetlb,memory:/x/y\n1:name=systemd:/x\n");
  limit("memory/x/y/memory.limit_in_bytes", "9223372036854771712\n");
  EXPECT_EQ(found(), std::nullopt) << "which is how it says that there is none";
  limit("memory/x/memory.limit_in_bytes", "4096\n");
  EXPECT_EQ(found(), 4096U);
}

TEST_F(MemoryLimit, IsTheTightestOfBothVersions) {
  in_groups("4:memory:/m\n0::/u\n");
  limit("memory/m/memory.limit_in_bytes", "2000\n");
  limit("unified/u/memory.max", "1000\n");
  EXPECT_EQ(found(), 1000U);
}

TEST_F(MemoryLimit, LeavesOutWhatItCannotRead) {
  in_groups("nonsense\n:\n3:memory\n0::/a\n");
  limit("a/memory.max", "many\n");
  EXPECT_EQ(found(), std::nullopt);
}

}  // namespace
