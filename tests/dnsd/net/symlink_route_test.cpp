#include "dnsd/net/symlink_route.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace net {
namespace {

namespace fs = std::filesystem;

class FollowSymlinks : public ::testing::Test {
 protected:
  support::TemporaryFolder folder;

  std::vector<std::string> folders_to(const fs::path& path) {
    std::vector<std::string> names;
    for (const auto& found : follow_symlinks(path).folders) {
      names.push_back(fs::relative(found.path, folder.path()).string());
    }
    return names;
  }
};

using Names = std::vector<std::string>;

TEST_F(FollowSymlinks, OfAPlainFileGivesItsFolder) {
  support::write_file(folder / "a", "");
  EXPECT_EQ(folders_to(folder / "a"), Names{"."});
  EXPECT_EQ(follow_symlinks(folder / "a").last_name, "a");
}

TEST_F(FollowSymlinks, GoesThroughAConfigMap) {
  fs::create_directory(folder / "..1");
  support::write_file(folder / "..1/services.toml", "");
  fs::create_symlink("..1", folder / "..data");
  fs::create_symlink("..data/services.toml", folder / "services.toml");
  EXPECT_EQ(folders_to(folder / "services.toml"), (Names{".", "..1"}));
}

TEST_F(FollowSymlinks, SeesALinkInTheMiddleOfThePath) {
  fs::create_directories(folder / "opt");
  fs::create_directories(folder / "releases/5");
  fs::create_symlink(folder / "releases/5", folder / "opt/current");
  EXPECT_EQ(folders_to(folder / "opt/current/file"), (Names{"opt", "releases/5"}));
}

TEST_F(FollowSymlinks, OfAMissingFolderGivesTheDeepestThatIsThere) {
  fs::create_directory(folder / "here");
  EXPECT_EQ(folders_to(folder / "here/not/yet/file"), Names{"here"});
}

TEST_F(FollowSymlinks, StepsBackWithDots) {
  fs::create_directories(folder / "a/b");
  fs::create_symlink("../c", folder / "a/link");
  EXPECT_EQ(folders_to(folder / "a/b/../link"), (Names{".", "a"}));
}

TEST_F(FollowSymlinks, GivesUpOnACircle) {
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  EXPECT_EQ(folders_to(folder / "a"), Names{"."});
}

TEST_F(FollowSymlinks, TellsAFolderFromOneMadeAnew) {
  fs::create_directory(folder / "d");
  const auto before = follow_symlinks(folder / "d/f").folders;
  fs::rename(folder / "d", folder / "old");
  fs::create_directory(folder / "d");
  EXPECT_NE(follow_symlinks(folder / "d/f").folders, before);
}

}  // namespace
}  // namespace net
