// The catalog table: the immutable picture, in memory, of all names we own.
//
// A table is never edited. `Catalog` (cache/catalog.h) makes a new one that
// shares every shard that did not change; readers keep the one they hold. Safe
// to read on any thread.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cache/asked_mark.h"
#include "cache/asked_state.h"
#include "cache/health.h"
#include "cache/instance.h"
#include "cache/weighted_order.h"
#include "dnsd/dns/address.h"

namespace cache {

using SourceId = std::uint16_t;  // the place of its [[catalog]] in the configuration

/// An instance as answers need it.
struct TableInstance {
  const Instance* told = nullptr;  // as its source tells it; lives as long as the service
  SourceId source = 0;
  std::uint16_t port = 0;    // `told->port`, nearer
  bool has_address = false;  // `told->host` is an address: `ip`; else a name or nothing
  dns::IpAddress ip;
  std::string_view
      target;        // SRV's target, wire form; empty: no address at all; in TableService::targets
  dns::Time since;   // when its health, or its status, became what it is
  float factor = 1;  // of its weight, by its health
  const HealthVerdict* verdict =
      nullptr;  // null: the catalog's good word alone; in TableService::verdicts
};

/// In a record that stands ready but for its owner: type, class, TTL and
/// RDLENGTH come before the RDATA, whose SRV target comes after three numbers.
constexpr std::size_t kReadyRdata = 10;
constexpr std::size_t kReadySrvTarget = kReadyRdata + 6;
constexpr std::size_t kReadyIpv4 = kReadyRdata + 4;

/// Those instances of a service that a question may be answered with: of one
/// version, or of all. What most answers need stands first, and together.
struct View {
  std::vector<Candidate> candidates;  // sorted by priority; their weights are scaled
  std::string records;                // of the candidates, SRV and A or AAAA, as they go out
  bool has_ipv4 = false;              // some candidate is known by an address of that family
  bool has_ipv6 = false;
  bool fail_open = false;              // too few are healthy: all that do not drain are candidates
  std::uint32_t serving = 0;           // do not drain, and have an address
  std::uint32_t healthy = 0;           // of those
  std::string version;                 // lower-case; empty: all versions
  std::vector<std::uint32_t> members;  // every instance, candidate or not

  std::string_view srv_record(const Candidate& candidate) const {
    return {records.data() + candidate.srv_at, candidate.srv_size};
  }
  std::string_view address_record(const Candidate& candidate) const {
    return {records.data() + candidate.address_at, candidate.address_size};
  }
};

/// How far what an asking source said of one version can be relied on.
struct AskedVersion {
  SourceId source = 0;
  std::string version;
  bool has_data = false;
  bool absent = false;
  bool failed = false;
  bool connected = false;
  dns::Time fetched, fresh_until, refresh_at, retry_at;
  std::string why;
};

struct TableService {
  // What most answers need stands first, and together.
  bool known = false;                     // some source has it (else it only was asked for)
  bool listed = false;                    // a listing source has it: it waits for no other
  bool by_address = true;                 // every instance with a target is known by address
  bool shares_targets = false;            // some instances have one target
  bool held = false;                      // some source's last word on it is not taken yet
  std::optional<std::uint32_t> ttl;       // lowest of the catalogs' own
  std::shared_ptr<AskedMark> asked_mark;  // null: no probe wants to know; the same in each table
  std::vector<TableInstance> instances;
  View all;  // of every version
  std::vector<View> versions;
  std::string name;  // canonical: `time`, also for `_time._tcp`; lower-case
  std::vector<AskedVersion> asked;
  std::unique_ptr<const char[]> targets;             // owns the bytes of the instances' targets
  std::vector<std::shared_ptr<const Service>> told;  // owns what `instances` point at
  std::vector<std::unique_ptr<const HealthVerdict>> verdicts;  // likewise

  const View* version(std::string_view wanted) const;
  /// Why it is held. REQUIRES: `held`.
  const std::string& why_held() const;
};

/// Who told a record: a source, and which of its origins.
struct Teller {
  SourceId source = 0;
  std::uint16_t origin = 0;
};

/// All records of one type at one name.
struct RecordSet {
  dns::Type type = dns::Type::A;
  std::uint32_t ttl = 0;  // one for the set: the lowest (RFC 2181, 5.2)
  std::vector<std::vector<std::uint8_t>> rdatas;
  std::vector<Teller> tellers;  // of each of them, the first
};

/// One owner name of the table.
struct Node {
  dns::NameView name;                           // absolute, wire form; stands right behind it
  std::shared_ptr<const TableService> service;  // null: none
  std::vector<RecordSet> records;               // as they stand in their source
  bool below = false;                           // there are names below it

  const RecordSet* find(dns::Type type) const;
};

/// A node with nothing but its name, in one piece of memory with it: a look-up
/// reads both.
std::shared_ptr<Node> make_node(dns::NameView name);

inline bool is_wildcard(dns::NameView name) {
  return dns::first_label(name) == "*";
}

/// Who uses an address of the catalog.
struct AddressUse {
  dns::IpAddress ip;
  std::uint32_t instances = 0;  // whose host it is: its name is then `ip-….addr.Z`
  std::shared_ptr<const std::vector<std::string>>
      owners;  // of A or AAAA records, wire form; null: none
};

std::uint64_t hash_address(const dns::IpAddress& ip);

struct SourceInfo {
  std::string name;
  bool asking = false;
  bool versions = false;        // an asking one: it knows versions
  std::string default_version;  // of them; for names without one
  bool loaded = false;          // a listing source has published, or need not
  bool aside = false;           // another is shown in its place: nothing of it is in the table
  dns::Time loaded_at;
  dns::Time old_from = dns::Time::max();  // a listing one: from then on what it said is old
  std::string failure;                    // of the last refresh; empty: it went well
};

class CatalogTable {
 public:
  static constexpr std::size_t kShards = 256;

  /// The node of an absolute name whose hash (dns::hash_name with the process's
  /// seed) the caller knows. Null: none.
  const Node* find(dns::NameView name, std::uint64_t hash) const;
  const Node* find(dns::NameView name) const;
  /// Brings near, from main memory, what an answer for the name with this hash will read: the first
  /// step one thing, each further step what that leads to. Many names go side by side.
  void bring_near(std::uint64_t hash, unsigned step) const;
  static constexpr unsigned kNearSteps = 4;
  const AddressUse* find(const dns::IpAddress& ip) const;

  /// Calls `visit(const Node&)` for each name, in no order, until it returns false.
  template <typename Visit>
  void each_name(Visit visit) const {
    for (const auto& shard : names_) {
      if (!all_slots(shard, [&](const auto& slot) { return visit(*slot.node); })) return;
    }
  }
  /// Calls `visit(const Node* was, const Node* is)` for each name whose node is another than in
  /// `before`, until it returns false; null: no such name in that table. Costs what stands in
  /// shards that are not shared.
  template <typename Visit>
  void each_change(const CatalogTable& before, Visit visit) const {
    const auto changed = [&](const Slot& slot) {
      const Node* was = before.find(slot.node->name, slot.hash);
      return was == slot.node.get() || visit(was, slot.node.get());
    };
    const auto gone = [&](const Slot& slot) {
      return find(slot.node->name, slot.hash) != nullptr || visit(slot.node.get(), nullptr);
    };
    for (std::size_t i = 0; i < kShards; ++i) {
      const bool is_shared = names_[i].slots == before.names_[i].slots;
      if (!is_shared && !(all_slots(names_[i], changed) && all_slots(before.names_[i], gone)))
        return;
    }
  }
  /// Calls `visit` for each name with a service that is known, as `each_name` does.
  template <typename Visit>
  void each_service(Visit visit) const {
    each_name(
        [&](const Node& node) { return !node.service || !node.service->known || visit(node); });
  }

  std::uint32_t serial() const { return serial_; }
  const std::vector<SourceInfo>& sources() const { return sources_; }
  /// When what the first of the listing sources said becomes old.
  dns::Time old_from() const { return old_from_; }
  /// Some listing source has not loaded: a name that is not here may yet be. So it is with the
  /// very first table, before any source was looked at.
  bool incomplete() const { return incomplete_; }
  /// What the last run knew is on its way here (cache/restoration.h): it comes at once to a name
  /// that is asked for. Until all is here the table is incomplete.
  bool restoring() const { return restoring_; }
  bool has_wildcards() const { return wildcards_ > 0; }
  bool has_addresses() const { return addresses_used_ > 0; }
  std::size_t services() const { return services_; }
  std::size_t instances() const { return instances_; }
  /// Instances of the largest service: how much room an order may need.
  std::size_t largest() const { return largest_; }

  /// Some source is asked name by name, or what the last run knew is.
  bool asks() const { return asks_ || restoring_; }

 private:
  friend class Catalog;
  friend class AddressChanges;
  struct Slot {
    std::uint64_t hash = 0;
    std::shared_ptr<const Node> node;  // null: the slot is free
  };
  /// Open addressing; at most half of the slots are taken, their count is a power of two.
  struct NameShard {
    std::shared_ptr<const Slot[]> slots;
    std::size_t count = 0;

    const Slot* begin() const { return slots.get(); }
    const Slot* end() const { return slots.get() + count; }
  };
  /// False: `visit` returned false of one, and of no more was asked.
  template <typename Visit>
  static bool all_slots(const NameShard& shard, Visit visit) {
    for (const Slot& slot : shard) {
      if (slot.node && !visit(slot)) return false;
    }
    return true;
  }
  using AddressShard = std::vector<AddressUse>;  // sorted by address

  static std::size_t shard_of(std::uint64_t hash) { return hash >> 56; }

  std::array<NameShard, kShards> names_;
  std::array<std::shared_ptr<const AddressShard>, kShards> addresses_;
  std::vector<SourceInfo> sources_;
  bool asks_ = false;
  std::uint32_t serial_ = 0;
  bool incomplete_ = true;
  bool restoring_ = false;
  dns::Time old_from_ = dns::Time::max();
  std::size_t wildcards_ = 0;
  std::size_t addresses_used_ = 0;
  std::size_t services_ = 0;
  std::size_t instances_ = 0;
  std::size_t largest_ = 0;
};

using CatalogSnapshot = std::shared_ptr<const CatalogTable>;

}  // namespace cache
