// Every tests/scenarios/*.scn is a case of its own, named after its file.
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/scenarios/player.h"
#include "tests/support/source_file.h"

namespace {

class ScenarioTest : public testing::Test {
 public:
  explicit ScenarioTest(std::filesystem::path file) : file_(std::move(file)) {}

  void TestBody() override {
    std::stringstream text;
    text << std::ifstream(file_).rdbuf();
    const auto parsed = scenario::parse(text.str());
    if (const auto* problem = std::get_if<scenario::Problem>(&parsed)) return fail(*problem);
    const auto problem = scenario::Player(std::get<scenario::Scenario>(parsed)).play();
    if (problem) fail(*problem);
  }

 private:
  void fail(const scenario::Problem& problem) const {
    ADD_FAILURE_AT(file_.c_str(), problem.line) << problem.sentence;
  }

  std::filesystem::path file_;
};

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  spdlog::set_level(spdlog::level::off);  // a failure says what happened
  std::vector<std::filesystem::path> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(support::source_file("tests/scenarios"))) {
    if (entry.path().extension() == ".scn") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    testing::RegisterTest("Scenario", file.stem().c_str(), nullptr, nullptr, file.c_str(), 1,
                          [file]() -> testing::Test* { return new ScenarioTest(file); });
  }
  return RUN_ALL_TESTS();
}
