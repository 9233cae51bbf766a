#include "upstream/etcd_listing.h"

#include <utility>

#include "upstream/etcd_request.h"
#include "upstream/skydns_intake.h"

namespace upstream {

void EtcdListing::start(Done done) {
  done_ = std::move(done);
  ask(range_.folder);
}

/// The first page says at which revision the others are read too.
void EtcdListing::ask(const std::string& first) {
  EtcdRequest request;
  request.path = kEtcdRange;
  request.body = etcd_page_body(first, range_.end, kEtcdPageKeys, so_far_.header.revision);
  request.timeout = kEtcdPageTime;
  request.max_body = kMaxEtcdPage;
  request_ = client_.send(std::move(request),
                          [this](const dns::Result<std::string>& body) { take(body); });
}

void EtcdListing::take(const dns::Result<std::string>& body) {
  request_ = 0;
  const Done done = done_;
  if (!body.ok()) return done(body.error());
  const auto page = read_etcd_page(body.value(), [this](const EtcdPair& pair) {
    const Intake intake = take_in(so_far_.tree, range_, pair);
    if (!intake.bad.empty()) complain_(intake.bad);
  });
  if (!page.ok()) return done(page.error());
  if (so_far_.header.revision == 0) so_far_.header = page.value().header;
  if (page.value().more) return ask(page.value().last_key + '\0');
  done(std::move(so_far_));
}

}  // namespace upstream
