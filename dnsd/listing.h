// A listing source at work: what it reads goes into the catalog whole, or as what
// changed. Who made it says when it is read and shown (dnsd/standby.h).
//
// Control thread only.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "cache/mass_change_guard.h"
#include "dnsd/source_home.h"
#include "dnsd/standby.h"
#include "upstream/catalog_source.h"

namespace signpost {

class Listing final : private upstream::CatalogSink {
 public:
  /// Adds itself to the catalog; not started. REQUIRES: is_listing(catalog.type), and both
  /// outlive this.
  Listing(SourceHome& home, const conf::Catalog& catalog);

  /// It is read and shown only when `standby` says so.
  void stand_by(Standby& standby);
  /// `standby` hears how this source does.
  void be_stood_in_by(Standby& standby) { stand_ins_.push_back(&standby); }
  /// The name of the source that it stands by for; empty: none.
  const std::string& primary() const { return configured_.standby_for; }

  /// Takes over how `before` did, whose part the catalog has by now. Before begin().
  void adopt(const Listing& before);
  /// What the last run knew is old until the source is heard. The catalog hears it from another
  /// between these two, which come before begin().
  void begin_restore(const cache::KeptSource& kept);
  void end_restore();

  /// After end_restore(): a standby that knows more, or newer, than `primary` is shown again.
  void restore_place(const Listing& primary);

  /// Starts what is read from the start on.
  void begin();
  void start();
  void show(bool shown) { home_.catalog.set_aside(id_, !shown); }
  /// Stops, and forgets what it read, which is not shown any more; start() may follow.
  void let_go();

  const std::string& name() const { return configured_.name; }
  cache::SourceId id() const { return id_; }
  bool loaded_once() const { return loaded_once_; }
  /// Of the last reading; empty: it went well.
  const std::string& failure() const { return failure_; }
  const std::vector<upstream::Origin>* origins() const { return source_->origins(); }
  SourceReport report() const;

 private:
  void loaded(cache::CatalogPart part) override;
  void changed(cache::CatalogDelta delta) override;
  void detailed(cache::CatalogPart part) override;
  void confirmed() override;
  void failed(const std::string& why) override;
  cache::SourceKnowledge known() const override { return home_.catalog.knowledge(id_); }

  void hold_mass_change(cache::CatalogPart& part);
  void make_source() { source_ = make_listing_source(home_.tools, configured_, *this); }
  void tell_stand_ins();
  void taken(const std::string& trouble);
  void heard();
  void show_as_standby();
  void old_after(std::optional<dns::Milliseconds> time);

  SourceHome& home_;
  const conf::Catalog& configured_;
  cache::SourceId id_;
  Standby* standby_ = nullptr;       // its own, when it stands by
  std::vector<Standby*> stand_ins_;  // those that stand by for it
  bool resumes_ = false;             // it was shown before a reload or a restart
  cache::MassChangeGuard guard_;
  bool loaded_once_ = false;
  std::uint64_t failures_ = 0;
  std::string failure_;
  std::string said_;  // of it, in the log; empty: it went well since
  dns::Time old_from_ = dns::Time::max();
  std::unique_ptr<upstream::ListingSource> source_;  // last: it calls the rest
};

}  // namespace signpost
