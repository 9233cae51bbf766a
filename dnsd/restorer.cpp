#include "dnsd/restorer.h"

#include "cache/service_name.h"
#include "cache/zone_name.h"

namespace signpost {
namespace {

// A slice takes a few milliseconds: a name that is asked for waits for one at most.
constexpr std::size_t kSliceInstances = 2'000;

std::string text_of(const CatalogName& name) {
  return name.version.empty() ? name.service : name.version + '.' + name.service;
}

}  // namespace

Restorer::Restorer(SourceHome& home, KeptState state, const cache::Restoration::Kept& kept,
                   Done done)
    : home_(home),
      state_(std::move(state)),
      restoration_(home.catalog, home.tools.config.zone.name, kept),
      done_(std::move(done)) {}

void Restorer::restore_slice() {
  next_slice_ = 0;
  if (!restoration_.restore_some(kSliceInstances)) return done_(std::move(waiting_));
  // Not after 0 ms: the loop would come to it again before it hears who asks.
  next_slice_ = home_.tools.loop.after(dns::Milliseconds(1), [this] { restore_slice(); });
  home_.catalog.table(home_.now());  // for those who ask; nobody holds the ones before
}

bool Restorer::restore(const CatalogName& name) {
  if (name.service.empty()) return false;
  const std::string text = text_of(name);
  const bool is_there = restoration_.restore(text) || is_part(text);
  if (is_there && published_ != restoration_.restored()) home_.publish();
  if (is_there) published_ = restoration_.restored();
  return is_there;
}

/// It is a version or an instance of a service that is there.
bool Restorer::is_part(const std::string& name) const {
  const dns::Name& zone = home_.tools.config.zone.name;
  const auto owner = cache::name_under(name, zone);
  if (!owner) return false;
  const auto table = home_.catalog.table(home_.now());
  cache::ZoneName meaning;
  cache::read_zone_name(*table, zone.view(), owner->view(),
                        dns::hash_name(owner->view(), dns::hash_seed()), meaning);
  return meaning.service != nullptr && meaning.service->known;
}

void Restorer::finish() {
  while (restoration_.restore_some(kSliceInstances)) continue;
  done_(std::move(waiting_));
}

}  // namespace signpost
