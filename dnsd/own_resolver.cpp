#include "dnsd/own_resolver.h"

#include <utility>

namespace signpost {

void OwnResolver::resolve(const std::string& host, Done done) {
  auto name = dns::Name::from_text(host);
  if (!name.ok()) return done(name.error());
  Worker& worker = *workers_.front();
  worker.mailbox().post([this, &worker, host, name = name.value(), done = std::move(done)] {
    worker.pipeline().batch_begins();
    worker.pipeline().find_addresses(name, [this, host, done](std::vector<dns::IpAddress> found) {
      home_.post([host, done, found = std::move(found)] {
        if (!found.empty()) return done(found);
        done(dns::Error{"upstream did not say the addresses of " + host});
      });
    });
  });
}

}  // namespace signpost
