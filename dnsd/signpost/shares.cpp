#include "dnsd/signpost/shares.h"

#include <fmt/format.h>
#include <algorithm>

#include "dnsd/dns/message_reader.h"

namespace signpost::tool {
namespace {

constexpr std::size_t kSrvNumbers = 6;

bool read_share(dns::WireView message, const dns::RecordView& record, Share& out) {
  if (record.rdata_size <= kSrvNumbers) return false;
  const std::uint8_t* at = &message[record.rdata_at];
  out.priority = dns::get16(at);
  out.weight = dns::get16(at + 2);
  out.port = dns::get16(at + 4);
  dns::Name target;
  if (dns::NameReader::read(message, record.rdata_at + kSrvNumbers, target) == 0) return false;
  out.target = target.to_text();
  return true;
}

std::vector<Share> read_all(dns::WireView message) {
  std::vector<Share> all;
  dns::MessageReader reader(message);
  dns::Question question;
  dns::RecordView record;
  if (message.size() < dns::kHeaderSize || !reader.read_question(question)) return all;
  while (reader.next(record)) {
    Share share;
    const bool is_srv = record.section == dns::Section::answer && record.type == dns::Type::SRV;
    if (is_srv && read_share(message, record, share)) all.push_back(std::move(share));
  }
  return all;
}

}  // namespace

std::vector<Share> shares_of(dns::WireView message) {
  auto all = read_all(message);
  std::stable_sort(all.begin(), all.end(),
                   [](const Share& a, const Share& b) { return a.priority < b.priority; });
  double sum = 0;
  double count = 0;
  for (Share& share : all) {
    share.stands_by = share.priority != all.front().priority;
    if (share.stands_by) continue;
    sum += share.weight;
    ++count;
  }
  for (Share& share : all) {
    if (share.stands_by) continue;
    share.percent = sum > 0 ? 100 * share.weight / sum : 100 / count;
  }
  return all;
}

std::string percent_text(double percent) {
  if (percent > 0 && percent < 0.1) return "< 0.1 %";
  const std::string text = fmt::format("{:.1f}", percent);
  return (text.ends_with(".0") ? text.substr(0, text.size() - 2) : text) + " %";
}

}  // namespace signpost::tool
