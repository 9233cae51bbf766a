#include "upstream/route53_reader.h"

#include <iterator>
#include <utility>

#include "upstream/printable.h"

namespace upstream {
namespace {

// The API's own bound, and its default.
constexpr const char* kMostSets = "300";
// Zones have 10,000 sets unless AWS raised that; a catalog that never ends must not
// take the memory.
constexpr std::size_t kMostInAll = 200'000;

bool is_same(const Route53SetsPage::Next& a, const Route53SetsPage::Next& b) {
  return a.name == b.name && a.type == b.type && a.identifier == b.identifier;
}

}  // namespace

void Route53Reader::read(const std::string& zone_id, Done done) {
  zone_id_ = zone_id;
  done_ = std::move(done);
  listing_ = {};
  asked_ = {};
  ask(nullptr);
}

void Route53Reader::ask(const Next* from) {
  Route53Call call{"ListResourceRecordSets",
                   "arn:aws:route53:::hostedzone/" + zone_id_,
                   "hostedzone/" + percent_encoded(zone_id_) + "/rrset",
                   {}};
  call.query = {{"maxitems", kMostSets}};
  if (from != nullptr) {
    call.query.emplace_back("name", from->name);
    call.query.emplace_back("type", from->type);
    if (!from->identifier.empty()) call.query.emplace_back("identifier", from->identifier);
    asked_ = *from;
  }
  call_ = api_.get(std::move(call), [this](const Route53Outcome& outcome) { heard(outcome); });
}

void Route53Reader::heard(const Route53Outcome& outcome) {
  call_ = 0;
  if (const auto* failure = std::get_if<Route53Failure>(&outcome)) return fail(*failure);
  auto page = read_record_sets_page(std::get<std::string>(outcome));
  if (!page.ok()) return fail({"ListResourceRecordSets: " + page.error().message, "", false});
  auto& [sets, left_out, next] = page.value();
  std::move(sets.begin(), sets.end(), std::back_inserter(listing_.sets));
  std::move(left_out.begin(), left_out.end(), std::back_inserter(listing_.left_out));
  if (!next) return finish(std::move(listing_));
  if (listing_.sets.size() > kMostInAll) {
    return fail({"expected a zone of at most " + std::to_string(kMostInAll) +
                     " record sets, found more: divide it",
                 "", true});
  }
  if (is_same(*next, asked_)) {
    return fail({"expected a page of record sets behind " + in_quotes(asked_.name) +
                     ", found one that ends where it starts",
                 "", false});
  }
  ask(&*next);
}

void Route53Reader::fail(Route53Failure failure) {
  const std::size_t read = listing_.sets.size();
  listing_ = {};
  if (read > 0) failure.why += " (after " + std::to_string(read) + " record sets)";
  finish(std::move(failure));
}

void Route53Reader::finish(Outcome outcome) {
  const Done done = std::exchange(done_, nullptr);
  done(std::move(outcome));
}

}  // namespace upstream
