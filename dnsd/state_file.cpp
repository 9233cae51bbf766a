#include "dnsd/state_file.h"

#include "dnsd/dns/message_reader.h"
#include "dnsd/net/whole_file.h"
#include "upstream/reply_check.h"

namespace signpost {
namespace {

constexpr std::size_t kStateFileMost = std::size_t{1} << 30U;

cache::BothClocks clocks(dns::Time now) {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return {now, std::chrono::duration_cast<dns::Milliseconds>(wall).count()};
}

class Restoring final : public cache::SnapshotSink {
 public:
  Restoring(cache::AnswerCache& answers, dns::Seconds max_ttl, dns::Time now)
      : answers_(answers), max_ttl_(max_ttl), now_(now) {}

  std::vector<cache::KeptSource> sources;

  void source(cache::KeptSource source) override { sources.push_back(std::move(source)); }

  /// Checked like a reply from the network: a file may hold anything.
  void answer(const cache::HeardAnswer& answer) override {
    dns::MessageReader reader(answer.wire);
    dns::Question question;
    if (!reader.read_question(question)) return;
    const auto verdict =
        upstream::check_reply(answer.wire, dns::get16(answer.wire.data()), question);
    if (verdict != upstream::ReplyVerdict::good) return;
    const auto form = cache::stored_form(answer.wire, max_ttl_);
    answers_.insert(cache::AnswerKey::of(question, answer.dnssec_ok, answer.checking_disabled),
                    form, heard(answer, form));
  }

 private:
  /// What was heard in the future, by a clock that was set back or not set yet, may
  /// be of any age: it has expired.
  dns::Time heard(const cache::HeardAnswer& answer, const cache::StoredForm& form) const {
    return answer.heard <= now_ ? answer.heard : now_ - form.ttl;
  }

  cache::AnswerCache& answers_;
  dns::Seconds max_ttl_;
  dns::Time now_;
};

}  // namespace

dns::Result<KeptState> read_state(const std::string& path, cache::AnswerCache& answers,
                                  dns::Seconds max_ttl, dns::Time now) {
  if (!net::is_there(path)) return KeptState{};
  auto file = net::read_whole_file(path, kStateFileMost);
  if (!file.ok()) return file.error();
  auto bytes = std::make_unique<const std::string>(std::move(file).value());
  Restoring restoring(answers, max_ttl, now);
  const auto read = cache::read_snapshot(*bytes, clocks(now), restoring);
  if (!read.ok()) return dns::Error{path + ": " + read.error().message};
  return KeptState{std::move(bytes), std::move(restoring.sources)};
}

dns::Result<dns::Done> write_state(const std::string& path,
                                   const std::vector<cache::SourceKnowledge>& sources,
                                   const cache::AnswerCache& answers, dns::Time now) {
  cache::SnapshotWriter writer(clocks(now));
  for (const auto& source : sources) writer.add(source);
  answers.each(now, [&](const cache::HeardAnswer& answer) { writer.add(answer); });
  return net::write_whole_file(path, writer.finish());
}

}  // namespace signpost
