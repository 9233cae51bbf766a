#include "dnsd/read_batch.h"

namespace signpost {

ReadBatch::LookedUp ReadBatch::looked_up(const ReadQuery& read, dns::NameView zone) {
  const dns::NameView name = read.query.question.name.view();
  if (dns::is_within(name, zone)) return {read.name_hash, 0, true};
  cache::AnswerKey key;
  key.type = read.query.question.type;
  key.dnssec_ok = read.query.edns.dnssec_ok;
  key.checking_disabled = read.query.checking_disabled;
  key.name_hash = read.name_hash;
  return {read.name_hash, key.hash(), false};
}

void ReadBatch::read(std::span<const dns::WireView> packets, dns::NameView zone,
                     const cache::CatalogTable& table, const cache::AnswerCache& answers) {
  std::size_t count = 0;  // of those that are looked up
  for (std::size_t i = 0; i < packets.size(); ++i) {
    read_query(packets[i], queries_[i]);
    if (queries_[i].verdict == dns::QueryVerdict::fine)
      looked_up_[count++] = looked_up(queries_[i], zone);
  }
  for (unsigned step = 0; step < cache::CatalogTable::kNearSteps; ++step) {
    for (std::size_t i = 0; i < count; ++i) {
      const LookedUp& one = looked_up_[i];
      one.in_zone ? table.bring_near(one.name_hash, step)
                  : answers.bring_near(one.name_hash, one.hash, step);
    }
  }
}

}  // namespace signpost
