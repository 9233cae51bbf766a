#include "conf/load.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "tests/support/temporary_folder.h"

namespace conf {
namespace {

dns::Result<Loaded> from(const std::filesystem::path& path) {
  CommandLine line;
  line.config_file = path.string();
  return load(line, {});
}

class Load : public ::testing::Test {
 protected:
  std::string write(const std::string& text) const {
    const auto path = folder_ / "signpost.toml";
    support::write_file(path, text);
    return path.string();
  }

  support::TemporaryFolder folder_;
};

TEST_F(Load, ReadsTheFileThatIsNamed) {
  const std::string path = write("[[catalog]]\ntype='file'\npath='services.toml'\n");
  const auto read = from(path);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read.value().file, path);
  EXPECT_EQ(read.value().config.catalogs[0].path, (folder_ / "services.toml").string());
}

TEST_F(Load, ErrorsNameTheFileAsItWasNamed) {
  const std::string path = write("[zone]\nttl = 5");
  EXPECT_TRUE(from(path).error().message.starts_with(path + ":2:7: "));
}

TEST_F(Load, AFileThatIsNotThereIsAnError) {
  const std::string path = (folder_ / "none.toml").string();
  EXPECT_EQ(from(path).error().message,
            path +
                ": expected a configuration file that can be read, found: No such file or "
                "directory");
}

TEST_F(Load, AFolderIsNoFile) {
  EXPECT_NE(from(folder_.path()).error().message.find("Is a directory"), std::string::npos);
}

TEST_F(Load, AFileThatIsFarTooLargeIsNotRead) {
  const std::string path = write(std::string(300U << 10U, '#'));
  EXPECT_NE(from(path).error().message.find("at most 256 KiB"), std::string::npos);
}

TEST_F(Load, TwiceGivesWhatTheFileSaysNow) {
  const std::string path = write("[zone]\nttl = '1s'");
  EXPECT_EQ(from(path).value().config.zone.ttl.count(), 1);
  write("[zone]\nttl = '2s'");
  EXPECT_EQ(from(path).value().config.zone.ttl.count(), 2);
}

TEST_F(Load, WorkersMayBeOnePerCore) {
  const auto read = from(write("[listen]\nworkers = 'auto'"));
  EXPECT_GE(read.value().config.listen.workers, 1U);
}

}  // namespace
}  // namespace conf
