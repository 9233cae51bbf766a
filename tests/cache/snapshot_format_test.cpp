#include "cache/snapshot_format.h"

#include <gtest/gtest.h>

namespace cache {
namespace {

using namespace std::chrono_literals;

const BothClocks kWritten{dns::Time(5000s), 1'700'000'000'000};
// Another boot: the loop's clock began anew, and a minute has passed.
const BothClocks kRead{dns::Time(100s), 1'700'000'060'000};

SourceKnowledge example() {
  SourceKnowledge source;
  source.identity = "zone. http:http://127.0.0.1/ 0 1.0";
  source.loaded = true;
  source.loaded_at = kWritten.now - 10s;
  Service service;
  service.name = "time";
  service.ttl = 30;
  Instance instance;
  instance.id = "a";
  instance.version = "1.0";
  instance.host = "10.0.1.7";
  instance.port = 8080;
  instance.priority = 2;
  instance.weight = 70;
  instance.status = Status::draining;
  instance.status_text = "leaving";
  instance.url = "http://10.0.1.7:8080/";
  instance.attributes = {{"zone", "a"}, {"empty", ""}};
  service.instances = {instance};
  source.services = {std::make_shared<const Service>(service)};
  source.records = {
      {dns::Name::from_text("web.zone").value(), dns::Type::TXT, 60, {3, 'a', 0, 'b'}}};
  AskedState state;
  state.service = service;
  state.fetched = kWritten.now - 5s;
  state.fresh_until = kWritten.now + 120s;
  state.refresh_at = kWritten.now + 100s;
  source.names = {{"time", "1.0", state}};
  return source;
}

class Collecting final : public SnapshotSink {
 public:
  void source(KeptSource source) override { sources.push_back(std::move(source)); }
  void answer(const HeardAnswer& answer) override {
    answers.push_back(answer);
    wires.emplace_back(answer.wire.begin(), answer.wire.end());
  }
  std::vector<KeptSource> sources;
  std::vector<HeardAnswer> answers;
  std::vector<dns::Wire> wires;
};

std::string example_file() {
  SnapshotWriter writer(kWritten);
  writer.add(example());
  const dns::Wire wire(40, 7);
  writer.add(HeardAnswer{wire, true, false, kWritten.now - 30s});
  return writer.finish();
}

TEST(SnapshotFormat, GivesBackWhatWasWritten) {
  const std::string file = example_file();
  Collecting read;
  ASSERT_TRUE(read_snapshot(file, kRead, read).ok());
  ASSERT_EQ(read.sources.size(), 1U);
  const KeptSource& source = read.sources[0];
  EXPECT_EQ(source.identity, example().identity);
  EXPECT_TRUE(source.loaded);
  EXPECT_EQ(read_service_name(source.services.at(0)), "time");
  EXPECT_EQ(read_service(source.services[0]), *example().services[0]);
  EXPECT_EQ(read_record(source.records.at(0)), example().records[0]);
  ASSERT_EQ(source.names.size(), 1U);
  EXPECT_EQ(source.names[0].service, "time");
  EXPECT_EQ(source.names[0].version, "1.0");
  EXPECT_EQ(source.names[0].state.service, example().names[0].state.service);
  ASSERT_EQ(read.answers.size(), 1U);
  EXPECT_EQ(read.wires[0], dns::Wire(40, 7));
  EXPECT_TRUE(read.answers[0].dnssec_ok);
  EXPECT_FALSE(read.answers[0].checking_disabled);
}

TEST(SnapshotFormat, TimesPassWhileNothingRuns) {
  Collecting read;
  ASSERT_TRUE(read_snapshot(example_file(), kRead, read).ok());
  EXPECT_EQ(read.answers[0].heard, kRead.now - 90s);
  EXPECT_EQ(read.sources[0].names[0].state.fresh_until, kRead.now + 60s);
}

TEST(SnapshotFormat, RefusesADamagedFile) {
  const std::string file = example_file();
  for (std::size_t at = 0; at < file.size(); ++at) {
    std::string damaged = file;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    Collecting read;
    ASSERT_FALSE(read_snapshot(damaged, kRead, read).ok()) << "byte " << at;
    ASSERT_TRUE(read.sources.empty() && read.answers.empty());
  }
}

TEST(SnapshotFormat, RefusesAFileThatWasCutOrWentOn) {
  const std::string file = example_file();
  for (std::size_t size = 0; size < file.size(); ++size) {
    Collecting read;
    ASSERT_FALSE(read_snapshot(std::string_view(file).substr(0, size), kRead, read).ok()) << size;
  }
  Collecting read;
  EXPECT_FALSE(read_snapshot(file + 'x', kRead, read).ok());
}

TEST(SnapshotFormat, SaysThatAForeignFileIsOne) {
  Collecting read;
  const auto said = read_snapshot("[listen]\naddresses = []\n", kRead, read);
  ASSERT_FALSE(said.ok());
  EXPECT_NE(said.error().message.find("no state file"), std::string::npos);
}

TEST(SnapshotFormat, SurvivesDamageMadeToFitItsChecksum) {
  const std::string body =
      example_file().substr(std::string_view("signpost state 1\n").size() + 16);
  for (std::size_t at = 0; at < body.size(); ++at) {
    std::string damaged = body;
    damaged[at] = '\xff';
    Collecting read;
    (void)read_snapshot_body(damaged, kRead, read);
    for (const KeptSource& source : read.sources) {
      for (const auto kept : source.services) (void)read_service(kept);
      for (const auto kept : source.records) (void)read_record(kept);
    }
  }
}

}  // namespace
}  // namespace cache
