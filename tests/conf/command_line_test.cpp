#include "conf/command_line.h"

#include <gtest/gtest.h>

#include "tests/conf/parsed.h"

namespace conf {
namespace {

using testing::config_of;
using testing::error_of;
using Words = std::vector<const char*>;

dns::Result<CommandLine> parsed(Words words) {
  words.insert(words.begin(), "signpostd");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

CommandLine line(const Words& words) {
  auto result = parsed(words);
  if (result.ok()) return std::move(result).value();
  ADD_FAILURE() << result.error().message;
  return {};
}

TEST(CommandLine, WithoutWordsIsNothing) {
  const CommandLine nothing = line({});
  EXPECT_EQ(nothing.config_file, "");
  EXPECT_FALSE(nothing.check);
  EXPECT_FALSE(nothing.print);
  EXPECT_TRUE(config_of("", {}, nothing) == Config());
}

TEST(CommandLine, TakesFileAndCheck) {
  const CommandLine words = line({"--config", "x.toml", "--check"});
  EXPECT_EQ(words.config_file, "x.toml");
  EXPECT_TRUE(words.check);
  EXPECT_EQ(line({"--config=y.toml"}).config_file, "y.toml");
}

TEST(CommandLine, VersionAndHelpAreToBePrinted) {
  EXPECT_EQ(line({"--version"}).print, "signpostd " SIGNPOST_VERSION);
  const std::string help = line({"--help"}).print.value_or("");
  for (const char* flag : {"--config", "--check", "--listen", "--upstream", "--catalog",
                           "--control", "--log-level", "--log-format", "--version"}) {
    EXPECT_NE(help.find(flag), std::string::npos) << flag;
  }
}

TEST(CommandLine, AWordThatNobodyKnowsIsNamed) {
  EXPECT_EQ(parsed({"--lisen=x"}).error().message,
            "expected a flag of signpostd, found '--lisen'; did you mean '--listen'?");
  EXPECT_EQ(parsed({"--chek", "x"}).error().message,
            "expected a flag of signpostd, found '--chek'; did you mean '--check'?");
  EXPECT_EQ(parsed({"stray"}).error().message,
            "expected a flag of signpostd, found 'stray'; --help lists them");
  EXPECT_NE(parsed({"--config"}).error().message.find("--config"), std::string::npos);
  EXPECT_NE(parsed({"--listen", "a", "b"}).error().message.find('b'), std::string::npos);
}

TEST(CommandLine, GoesBeforeFileAndEnvironment) {
  const auto config = config_of(
      "[listen]\naddresses=['10.0.0.1']\n[forward]\nupstreams=['10.0.0.3']\n[log]\nlevel='off'",
      {"SIGNPOST_LISTEN_ADDRESSES=10.0.0.2", "SIGNPOST_LOG_LEVEL=error"},
      line({"--listen", "127.0.0.1:0", "--listen", "[::1]:0", "--upstream", "10.0.0.4",
            "--log-level", "debug", "--log-format", "json", "--control", "none"}));
  ASSERT_EQ(config.listen.addresses.size(), 2U);
  EXPECT_EQ(config.listen.addresses[1].to_text(), "[::1]:0");
  ASSERT_EQ(config.forward.upstreams.size(), 1U);
  EXPECT_EQ(config.forward.upstreams[0].address.to_text(), "10.0.0.4:53");
  EXPECT_EQ(config.log.level, Log::Level::debug);
  EXPECT_EQ(config.log.format, Log::Format::json);
  EXPECT_FALSE(config.control.listen);
}

TEST(CommandLine, CatalogsReplaceThoseOfTheFile) {
  const auto catalogs =
      config_of("[[catalog]]\ntype='file'\npath='x'", {},
                line({"--catalog", "file:a.toml", "--catalog", "http+service:http://h:1/x"}))
          .catalogs;
  ASSERT_EQ(catalogs.size(), 2U);
  EXPECT_EQ(catalogs[0].path, "a.toml");
  EXPECT_EQ(catalogs[1].dialect, Catalog::Dialect::service);
  EXPECT_EQ(catalogs[1].url, "http://h:1/x");
}

TEST(CommandLine, EveryFormOfACatalogIsRead) {
  const auto catalogs =
      config_of("", {},
                line({"--catalog", "http+catalog:https://h/dev", "--catalog", "route53:Z123",
                      "--catalog", "etcd:http://e:2379", "--catalog", "signpost:http://s:5380",
                      "--catalog", "builtin:/var/db"}))
          .catalogs;
  ASSERT_EQ(catalogs.size(), 5U);
  EXPECT_EQ(catalogs[0].dialect, Catalog::Dialect::catalog);
  EXPECT_EQ(catalogs[1].zone, "Z123");
  EXPECT_EQ(catalogs[2].endpoints, std::vector<std::string>{"http://e:2379"});
  EXPECT_EQ(catalogs[3].type, Catalog::Type::signpost);
  EXPECT_EQ(catalogs[4].path, "/var/db");
}

TEST(CommandLine, PathsStartWhereTheUserStands) {
  const auto read =
      parse({{"/etc/signpost/signpost.toml", ""}, {}, line({"--catalog", "file:a"}), 1});
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().config.catalogs[0].path, "a");
}

TEST(CommandLine, ABadValueNamesTheFlag) {
  EXPECT_TRUE(
      error_of("", {}, line({"--listen", "x"})).starts_with("--listen: expected an address"));
  EXPECT_TRUE(
      error_of("", {}, line({"--upstream", "x"})).starts_with("--upstream: expected an up"));
  EXPECT_TRUE(
      error_of("", {}, line({"--control", "x"})).starts_with("--control: expected an addr"));
  EXPECT_TRUE(error_of("", {}, line({"--log-level", "loud"})).starts_with("--log-level: expected"));
  EXPECT_TRUE(
      error_of("", {}, line({"--catalog", "x"})).starts_with("--catalog: expected file:PATH"));
  EXPECT_TRUE(
      error_of("", {}, line({"--catalog", "etcd:x"})).starts_with("--catalog: expected a URL"));
}

}  // namespace
}  // namespace conf
