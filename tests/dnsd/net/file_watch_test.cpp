#include "dnsd/net/file_watch.h"

#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>

#include "tests/support/loop_fixture.h"
#include "tests/support/temporary_folder.h"

namespace net {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

class FileWatchTest : public support::LoopTest {
 protected:
  support::TemporaryFolder folder;
  const fs::path file = folder / "services.toml";
  int changes = 0;

  std::unique_ptr<FileWatch> watch(const fs::path& path) {
    return std::make_unique<FileWatch>(loop, path, [this] { ++changes; });
  }

  /// How long until the next change is heard, in ms; nothing when none comes.
  std::optional<long> wait_for_change() {
    const int before = changes;
    const auto began = std::chrono::steady_clock::now();
    if (!run_until([this, before] { return changes > before; }, milliseconds(5000)))
      return std::nullopt;
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - began)
        .count();
  }
};

TEST_F(FileWatchTest, HearsAWriteInPlaceAtOnce) {
  support::write_file(file, "a");
  const auto watching = watch(file);
  support::write_file(file, "b");
  EXPECT_LT(wait_for_change().value_or(5000), 200);
}

TEST_F(FileWatchTest, HearsAReplacementByRename) {
  support::write_file(file, "a");
  const auto watching = watch(file);
  support::replace_file(file, "b");
  EXPECT_LT(wait_for_change().value_or(5000), 200);
}

TEST_F(FileWatchTest, HearsEveryReplacementNotOnlyTheFirst) {
  support::write_file(file, "a");
  const auto watching = watch(file);
  for (int i = 0; i < 3; ++i) {
    support::replace_file(file, "b");
    EXPECT_LT(wait_for_change().value_or(5000), 200) << i;
  }
}

TEST_F(FileWatchTest, HearsCreationAndRemoval) {
  const auto watching = watch(file);
  support::write_file(file, "a");
  EXPECT_LT(wait_for_change().value_or(5000), 200);
  fs::remove(file);
  EXPECT_LT(wait_for_change().value_or(5000), 200);
}

TEST_F(FileWatchTest, IgnoresOtherFilesOfTheFolder) {
  support::write_file(file, "a");
  const auto watching = watch(file);
  support::write_file(folder / "other", "b");
  run_for(milliseconds(100));
  EXPECT_EQ(changes, 0);
}

TEST_F(FileWatchTest, HearsAConfigMapSwap) {
  for (const char* version : {"..1", "..2"}) {
    fs::create_directory(folder / version);
    support::write_file(folder / version / "services.toml", version);
  }
  fs::create_symlink("..1", folder / "..data");
  fs::create_symlink("..data/services.toml", file);
  const auto watching = watch(file);
  fs::create_symlink("..2", folder / "..data_tmp");
  fs::rename(folder / "..data_tmp", folder / "..data");
  fs::remove_all(folder / "..1");
  EXPECT_LT(wait_for_change().value_or(5000), 200);
  support::write_file(folder / "..2/services.toml", "in the folder it now leads to");
  EXPECT_LT(wait_for_change().value_or(5000), 200);
}

TEST_F(FileWatchTest, HearsAWriteBehindASymbolicLink) {
  fs::create_directory(folder / "real");
  support::write_file(folder / "real/file", "a");
  fs::create_symlink("real/file", file);
  const auto watching = watch(file);
  support::write_file(folder / "real/file", "b");
  EXPECT_LT(wait_for_change().value_or(5000), 200);
}

TEST_F(FileWatchTest, HearsOfAFileWhoseFolderIsMadeLater) {
  const auto watching = watch(folder / "not/yet/file");
  fs::create_directories(folder / "not/yet");
  support::write_file(folder / "not/yet/file", "a");
  EXPECT_LT(wait_for_change().value_or(5000), 200);
  support::write_file(folder / "not/yet/file", "b");
  EXPECT_LT(wait_for_change().value_or(5000), 200);
}

TEST_F(FileWatchTest, HearsOfAFileWhoseFolderIsReplaced) {
  fs::create_directory(folder / "d");
  support::write_file(folder / "d/file", "a");
  const auto watching = watch(folder / "d/file");
  fs::create_directory(folder / "new");
  support::write_file(folder / "new/file", "b");
  fs::rename(folder / "d", folder / "old");
  fs::rename(folder / "new", folder / "d");
  EXPECT_LT(wait_for_change().value_or(5000), 2000);
  support::write_file(folder / "d/file", "c");
  EXPECT_LT(wait_for_change().value_or(5000), 200);
}

TEST_F(FileWatchTest, LooksOnceASecondWhereTheKernelTellsNothing) {
  fs::create_directories(folder / "d/e");
  const auto watching = watch(folder / "d/e/file");
  fs::create_directories(folder / "new/e");
  support::write_file(folder / "new/e/file", "b");
  fs::rename(folder / "d", folder / "old");  // no event in d/e, which is what is watched
  fs::rename(folder / "new", folder / "d");
  EXPECT_LT(wait_for_change().value_or(5000), 2000);
}

TEST_F(FileWatchTest, SaysABurstOnce) {
  support::write_file(file, "a");
  const auto watching = watch(file);
  for (int i = 0; i < 20; ++i) support::replace_file(file, std::to_string(i));
  ASSERT_TRUE(wait_for_change());
  run_for(milliseconds(100));
  EXPECT_EQ(changes, 1);
}

TEST_F(FileWatchTest, DoesNotWaitForAWriterThatNeverPauses) {
  support::write_file(file, "a");
  const auto watching = watch(file);
  TimerId next = 0;
  std::function<void()> write = [&] {
    support::write_file(file, "b");
    next = loop.after(milliseconds(2), write);
  };
  write();
  EXPECT_LT(wait_for_change().value_or(5000), 200);
  loop.cancel(next);
}

TEST_F(FileWatchTest, MayBeDestroyedInItsOwnCallback) {
  std::unique_ptr<FileWatch> watching;
  watching = std::make_unique<FileWatch>(loop, file, [&] {
    ++changes;
    watching.reset();
  });
  support::write_file(file, "a");
  ASSERT_TRUE(wait_for_change());
  support::write_file(file, "b");
  run_for(milliseconds(100));
  EXPECT_EQ(changes, 1);
}

TEST_F(FileWatchTest, SaysNothingOnceDestroyedWithAChangeUnderway) {
  auto watching = watch(file);
  support::write_file(file, "a");
  run_for(milliseconds(2));
  watching.reset();
  run_for(milliseconds(100));
  EXPECT_EQ(changes, 0);
}

}  // namespace
}  // namespace net
