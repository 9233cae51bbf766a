// What a source is: it fills its part of the catalog. Two kinds (architecture:
// Catalog): a listing source knows all names and publishes whole parts; an
// asking source answers one name at a time.
//
// Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cache/instance.h"
#include "cache/snapshot_format.h"
#include "dnsd/dns/time.h"

namespace upstream {

/// Hears what a listing source read. A part replaces the source's last one, a
/// delta what it names; a failure leaves all as it is. What is told with its trouble is taken,
/// and is a failure too, in one step.
class CatalogSink {
 public:
  virtual ~CatalogSink() = default;
  virtual void loaded(cache::CatalogPart part) = 0;
  /// After loaded(): one service changed must not cost the size of the catalog.
  virtual void changed(cache::CatalogDelta delta) = 0;
  /// What was read last is known in more detail by now: neither a good word nor a bad one.
  virtual void detailed(cache::CatalogPart part) = 0;
  /// What was loaded stands as it is: read again, or the connection is back.
  virtual void confirmed() = 0;
  /// `why` is a sentence with place and expectation; each change of it is said once.
  virtual void failed(const std::string& why) = 0;
  /// What stands of what the source said, here or in an earlier run.
  virtual cache::SourceKnowledge known() const = 0;
};

/// When what a listing source said counts as old (zone.md, Flags and errors).
/// Nothing: never.
struct Freshness {
  std::optional<dns::Milliseconds> after_word;     // polled: since its last good word
  std::optional<dns::Milliseconds> after_failure;  // watched: since the connection was lost
};

/// Since the start.
struct SourceCounters {
  std::uint64_t requests = 0;   // sent to the catalog's API
  std::uint64_t throttles = 0;  // of them, refused because they were too many
};

/// Who first told what a relay tells: a source of a daemon further on.
struct Origin {
  std::string name;              // as the relay calls it
  std::vector<std::string> via;  // ids of the daemons that handed it on, that source's own first
  bool loaded = true;            // else more may come from it
  bool stale = false;            // what it said is old there

  bool operator==(const Origin&) const = default;
};

class ListingSource {
 public:
  virtual ~ListingSource() = default;
  /// Reads for the first time and keeps reading; the sink hears each outcome,
  /// never before start() is called, and must outlive the source.
  virtual void start() = 0;
  /// What was loaded is held back (cache/mass_change_guard.h): to be read again soon. Nothing to
  /// do where that happens anyway.
  virtual void read_again() {}
  virtual Freshness freshness() const { return {}; }
  virtual SourceCounters counters() const { return {}; }
  /// After a failure: its catalog was reached all the same, so that none need stand in for it.
  virtual bool reached() const { return false; }
  /// Of a relay's reader: what `origin` of instances and records counts in; the first is the
  /// relay, `loaded` once it was heard, `stale` while it is away. Nothing: all that the
  /// source says is its own.
  virtual const std::vector<Origin>* origins() const { return nullptr; }
};

/// What an asking source is asked: a service and a version ("" for the
/// dialect without versions). Both lower-case, as the DNS has them.
struct LookupKey {
  std::string service;
  std::string version;

  // clang-tidy 14 takes the 0 in what <=> becomes for a pointer.
  friend auto operator<=>(const LookupKey&,
                          const LookupKey&) = default;  // NOLINT(modernize-use-nullptr)
};

/// The catalog has it. `ttl` is how long it may be kept without asking again.
struct Found {
  cache::Service service;  // named as in the key; each instance has the key's version
  std::uint32_t ttl = 0;
};
/// The catalog says that there is no such service (404).
struct Absent {};
/// No word from the catalog: keep what there was.
struct Unavailable {
  bool connected =
      false;  // it was reached (time-out of the reply, an error status): EDE 22, else 23
  std::string why;
};
using LookupOutcome = std::variant<Found, Absent, Unavailable>;

class AskingSource {
 public:
  using Done = std::function<void(LookupOutcome)>;

  virtual ~AskingSource() = default;
  /// Asks once. `done` is called exactly once, never before ask() returns, and
  /// not at all once the source is destroyed.
  virtual void ask(const LookupKey& key, Done done) = 0;
  virtual SourceCounters counters() const { return {}; }
};

}  // namespace upstream
