#include "upstream/file_source.h"

#include <unistd.h>

#include "tests/support/documents.h"
#include "tests/support/loop_fixture.h"
#include "tests/support/recording_sink.h"
#include "tests/support/temporary_folder.h"

namespace {

using std::chrono::milliseconds;
using support::replace_file;
using support::write_file;

std::string service(const std::string& name) {
  return "[[service]]\nname = '" + name + "'\n";
}

class FileSource : public support::LoopTest {
 protected:
  using Heard = std::vector<std::string>;
  support::TemporaryFolder folder;
  const std::string file = folder / "services.toml";
  support::RecordingSink sink;
  std::optional<upstream::FileSource> source;

  void TearDown() override {
    source.reset();
    LoopTest::TearDown();
  }

  void start() {
    source.emplace(loop, support::document(file), sink);
    source->start();
  }
  bool hears(std::size_t count) {
    return run_until([this, count] { return sink.heard.size() >= count; }, milliseconds(6'000));
  }
};

TEST_F(FileSource, SaysNothingBeforeItStarts) {
  write_file(file, service("time"));
  source.emplace(loop, support::document(file), sink);
  run_for(milliseconds(30));
  EXPECT_EQ(sink.heard, Heard{});
}

TEST_F(FileSource, ReadsAtStartAndAtEachChange) {
  write_file(file, service("time"));
  start();
  EXPECT_EQ(sink.heard, Heard{"loaded time"});
  replace_file(file, service("calc"));
  ASSERT_TRUE(hears(2));
  write_file(file, service("other"));
  ASSERT_TRUE(hears(3));
  EXPECT_EQ(sink.heard, (Heard{"loaded time", "loaded calc", "loaded other"}));
}

TEST_F(FileSource, AppliesAChangeAtOnce) {
  write_file(file, service("time"));
  start();
  const auto began = std::chrono::steady_clock::now();
  write_file(file, service("calc"));
  ASSERT_TRUE(hears(2));
  EXPECT_LT(std::chrono::steady_clock::now() - began, milliseconds(200));
}

TEST_F(FileSource, ABrokenFileIsSaidOnceAndItsRepairIsLoaded) {
  write_file(file, service("time"));
  start();
  replace_file(file, "[[service]]\nname = ''\n");
  ASSERT_TRUE(hears(2));
  EXPECT_EQ(sink.heard[1].find(file + ":1:1: expected a service name"), 0u) << sink.heard[1];
  replace_file(file, "[[service]]\nname = ''\n");
  run_for(milliseconds(50));
  EXPECT_EQ(sink.heard.size(), 2u);
  replace_file(file, service("time"));
  ASSERT_TRUE(hears(3));
  EXPECT_EQ(sink.heard[2], "loaded time");
}

TEST_F(FileSource, TheSameBytesPublishNothing) {
  write_file(file, service("time"));
  start();
  replace_file(file, service("time"));
  run_for(milliseconds(50));
  EXPECT_EQ(sink.heard, Heard{"loaded time"});
}

class LargeFile : public FileSource {
 protected:
  std::vector<std::string> blocks;

  void SetUp() override {
    FileSource::SetUp();
    const std::string remark(150, 'x');
    for (int number = 0; number < 3'000; ++number) {
      blocks.push_back(service("svc" + std::to_string(number)) + "ttl = 1 # " + remark + "\n");
    }
    ASSERT_GT(text().size(), upstream::kLargeDocument);
  }
  std::string text() const {
    std::string all;
    for (const auto& block : blocks) all += block;
    return all;
  }
  void start_with_it() {
    write_file(file, text());
    start();
    ASSERT_EQ(sink.parts.size(), 1U);
    ASSERT_EQ(sink.heard.size(), 1U);
  }
};

TEST_F(LargeFile, TellsWhatChangedAlone) {
  start_with_it();
  blocks[1'000] = service("new");
  replace_file(file, text());
  ASSERT_TRUE(hears(2));
  blocks[1'000] = service("newer");
  blocks.erase(blocks.begin() + 2'000);
  write_file(file, text());
  ASSERT_TRUE(hears(3));
  EXPECT_EQ(sink.heard[1], "changed new -svc1000");
  EXPECT_EQ(sink.heard[2].substr(0, 13), "changed newer");
  EXPECT_EQ(sink.deltas[1].gone.size(), 2U);
}

TEST_F(LargeFile, TheSameBytesPublishNothing) {
  start_with_it();
  replace_file(file, text());
  run_for(milliseconds(80));
  EXPECT_EQ(sink.heard.size(), 1U);
}

TEST_F(LargeFile, AMistakeIsWhereItIsInTheWholeAndItsRepairIsReadWhole) {
  start_with_it();
  const std::string good = std::exchange(blocks[1'000], service(""));
  replace_file(file, text());
  ASSERT_TRUE(hears(2));
  EXPECT_EQ(sink.heard[1].find(file + ":3001:1: expected a service name"), 0U) << sink.heard[1];
  blocks[1'000] = good;
  replace_file(file, text());
  ASSERT_TRUE(hears(3));
  EXPECT_EQ(sink.parts.size(), 2U);
}

TEST_F(LargeFile, MayBecomeASmallOneOrNone) {
  start_with_it();
  replace_file(file, service("time"));
  ASSERT_TRUE(hears(2));
  EXPECT_EQ(sink.heard[1], "loaded time");
  replace_file(file, text());
  ASSERT_TRUE(hears(3));
  write_file(file, "");
  ASSERT_TRUE(hears(4));
  EXPECT_EQ(sink.heard[3], "loaded");
  replace_file(file, text());
  ASSERT_TRUE(hears(5));
  ASSERT_EQ(unlink(file.c_str()), 0);
  ASSERT_TRUE(hears(6));
  replace_file(file, text());
  ASSERT_TRUE(hears(7));
  EXPECT_EQ(sink.parts.back().services.size(), blocks.size());
}

TEST_F(FileSource, AFileThatIsAwayAtStartIsReadWhenItComes) {
  start();
  EXPECT_EQ(sink.heard, Heard{file + ": expected a file that can be read, found: No such file or "
                                     "directory"});
  write_file(file, service("time"));
  ASSERT_TRUE(hears(2));
  EXPECT_EQ(sink.heard[1], "loaded time");
}

TEST_F(FileSource, AFileThatGoesAndComesBackIsLoadedAgain) {
  write_file(file, service("time"));
  start();
  ASSERT_EQ(unlink(file.c_str()), 0);
  ASSERT_TRUE(hears(2));
  write_file(file, service("time"));
  ASSERT_TRUE(hears(3));
  EXPECT_EQ(sink.heard[2], "loaded time");
}

TEST_F(FileSource, AnEmptyFileIsBelievedOnlyWhenItStaysEmpty) {
  write_file(file, service("time"));
  start();
  write_file(file, "");
  run_for(milliseconds(60));
  EXPECT_EQ(sink.heard.size(), 1u);
  write_file(file, service("calc"));
  ASSERT_TRUE(hears(2));
  EXPECT_EQ(sink.heard[1], "loaded calc");
  write_file(file, "");
  ASSERT_TRUE(hears(3));
  EXPECT_EQ(sink.heard[2], "loaded");
}

TEST_F(FileSource, AFileThatIsTooLargeIsRefusedUnread) {
  write_file(file, "");
  ASSERT_EQ(truncate(file.c_str(), (256 << 20) + 1), 0);
  start();
  EXPECT_EQ(sink.heard, Heard{file + ": expected a file of at most 268435456 bytes, found a larger "
                                     "one"});
}

TEST_F(FileSource, MayBeDestroyedWhileItWaits) {
  start();
  source.reset();
  write_file(file, service("time"));
  run_for(milliseconds(50));
  EXPECT_EQ(sink.heard.size(), 1u);
}

}  // namespace
