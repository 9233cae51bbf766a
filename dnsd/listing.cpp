#include "dnsd/listing.h"

#include <malloc.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "dnsd/log.h"

namespace signpost {
namespace {

using Type = conf::Catalog::Type;

constexpr unsigned kUnguarded = 100;  // percent

/// A file is somebody's own word; a relay was guarded where it reads.
unsigned max_drop(const conf::Catalog& catalog) {
  const bool guarded = catalog.type == Type::route53 || catalog.type == Type::etcd;
  return guarded ? catalog.max_drop : kUnguarded;
}

}  // namespace

Listing::Listing(SourceHome& home, const conf::Catalog& catalog)
    : home_(home),
      configured_(catalog),
      id_(home.catalog.add_listing_source(catalog.name)),
      guard_(max_drop(catalog)) {
  make_source();
}

void Listing::stand_by(Standby& standby) {
  standby_ = &standby;
  show(false);
}

void Listing::adopt(const Listing& before) {
  loaded_once_ = home_.catalog.info(id_).loaded;
  if (!loaded_once_) return;
  old_from_ = before.old_from_;
  guard_.know(home_.catalog.knowledge(id_));
  resumes_ = standby_ != nullptr && before.standby_ != nullptr && before.standby_->is_shown();
}

void Listing::begin_restore(const cache::KeptSource& kept) {
  home_.catalog.begin_restore(id_, kept.loaded_at);
  old_after(dns::Milliseconds(0));
}

void Listing::end_restore() {
  loaded_once_ = home_.catalog.info(id_).loaded;
  if (loaded_once_) guard_.know(home_.catalog.knowledge(id_));
}

void Listing::restore_place(const Listing& primary) {
  const auto& its = home_.catalog.info(id_);
  const auto& first = home_.catalog.info(primary.id_);
  if (!its.loaded || (first.loaded && first.loaded_at >= its.loaded_at)) return;
  resumes_ = true;
  standby_->resume_shown();
}

void Listing::begin() {
  if (standby_ == nullptr) start();
  if (resumes_) standby_->resume();
}

void Listing::start() {
  for (Standby* standby : stand_ins_) standby->primary_away();
  source_->start();
}

void Listing::let_go() {
  make_source();
  loaded_once_ = false;
  failure_.clear();
  old_from_ = dns::Time::max();
  guard_ = cache::MassChangeGuard(max_drop(configured_));
  home_.catalog.forget(id_);
}

SourceReport Listing::report() const {
  SourceReport report = home_.report_of(id_);
  if (loaded_once_) report.age = home_.age(home_.catalog.info(id_).loaded_at);
  report.stale = home_.now() >= old_from_;
  report.failure = failure_;
  report.failures = failures_;
  report.held = guard_.held();
  report.sent = source_->counters();
  return report;
}

void Listing::loaded(cache::CatalogPart part) {
  logger("catalog")->info("{}: read {} services and {} records", name(), part.services.size(),
                          part.records.size());
  loaded_once_ = true;
  const std::string trouble = std::move(part.trouble);
  if (trouble.empty()) said_.clear();
  hold_mass_change(part);
  home_.catalog.set_part(id_, std::move(part), home_.now());
  taken(trouble);
  malloc_trim(0);  // reading took several times the memory that the table keeps
}

void Listing::hold_mass_change(cache::CatalogPart& part) {
  const auto stands = [this] { return known(); };
  for (const std::string& why : guard_.admit(part, stands)) {
    logger("catalog")->warn("{}: {}", name(), why);
  }
  if (guard_.held() > 0) source_->read_again();
}

void Listing::changed(cache::CatalogDelta delta) {
  // What is watched may change all the time; who edits a file wants to see it read.
  if (configured_.type == Type::file)
    logger("catalog")->info("{}: read {} changed services, {} are gone", name(),
                            delta.services.size(), delta.gone.size());
  const std::string trouble = std::move(delta.trouble);
  guard_.admit(delta);
  home_.catalog.change_services(id_, std::move(delta), home_.now());
  taken(trouble);
}

/// One table is published of what was told: a reader must not see it without its trouble.
void Listing::taken(const std::string& trouble) {
  failure_.clear();
  if (trouble.empty()) return heard();
  show_as_standby();
  failed(trouble);
}

void Listing::detailed(cache::CatalogPart part) {
  hold_mass_change(part);
  home_.catalog.set_part(id_, std::move(part), home_.catalog.info(id_).loaded_at);
  if (!failure_.empty()) home_.catalog.set_failure(id_, failure_);
  home_.publish();
}

void Listing::confirmed() {
  if (!failure_.empty()) logger("catalog")->info("{}: answers again", name());
  failure_.clear();
  said_.clear();
  home_.catalog.confirm(id_, home_.now());
  heard();
}

void Listing::failed(const std::string& why) {
  if (why != std::exchange(said_, why)) {
    logger("catalog")->warn("{}: {}: {}", name(), loaded_once_ ? "kept what was there" : "not read",
                            why);
  }
  ++failures_;
  if (failure_.empty()) old_after(source_->freshness().after_failure);
  failure_ = why;
  home_.catalog.set_failure(id_, why);
  if (source_->reached()) {
    tell_stand_ins();
  } else {
    for (Standby* standby : stand_ins_) standby->primary_away();
  }
  home_.publish();
}

/// The source is reached: well, or with nothing to show yet.
void Listing::tell_stand_ins() {
  for (Standby* standby : stand_ins_) {
    if (loaded_once_) standby->primary_well();
    if (!loaded_once_) standby->primary_reached();
  }
}

/// A good word: the data is of now.
void Listing::heard() {
  tell_stand_ins();
  show_as_standby();
  old_from_ = dns::Time::max();
  old_after(source_->freshness().after_word);
  home_.publish();
}

void Listing::show_as_standby() {
  if (standby_ != nullptr && loaded_once_) standby_->loaded();
}

void Listing::old_after(std::optional<dns::Milliseconds> time) {
  if (time) old_from_ = std::min(old_from_, home_.now() + *time);
  home_.catalog.set_old_from(id_, old_from_);
}

}  // namespace signpost
