// What the daemon answers for names it owns: zone.md, as code.
//
// Pure: table, question, time and chance in; records, flags and an Extended DNS
// Error out, written straight into the reply. Allocates nothing on the way to
// an answer.
#pragma once

#include <array>
#include <string_view>
#include <vector>

#include "cache/asked_freshness.h"
#include "cache/catalog_table.h"
#include "cache/host_addresses.h"
#include "cache/zone_name.h"
#include "dnsd/dns/query.h"
#include "dnsd/dns/random.h"
#include "dnsd/dns/reply_writer.h"

namespace cache {

/// What zone answers need of the configuration.
struct ZoneSettings {
  dns::Name name;
  std::uint32_t ttl = 5;
  std::uint32_t negative_ttl = 2;
  unsigned max_answers = 0;
  std::vector<dns::IpAddress> own_addresses;  // of `ns.Z`: where we listen
};

/// Addresses of names outside the zone: targets of instances. The answer cache
/// implements it, a test's map does too.
class TargetAddresses {
 public:
  virtual ~TargetAddresses() = default;
  virtual HostAddresses find(dns::NameView host, dns::Type type, dns::Time now) = 0;
};

/// A name whose addresses upstream must say.
struct Unresolved {
  dns::Name host;
  dns::Type type = dns::Type::A;
};

/// Room that a worker keeps, so that answers need no allocation. fit() it when
/// a new table is picked up.
struct AnswerScratch {
  struct Placed {
    const TableInstance* instance = nullptr;
    std::size_t target_at = 0;  // in the message
    std::string_view address;   // its A or AAAA record as View::records has it; empty: gather
  };
  std::vector<Candidate> order;
  std::vector<Placed> placed;
  std::vector<dns::IpAddress> ips;
  std::vector<Unresolved> unresolved;     // of the last answer; at most kMostUnresolved
  std::vector<Unresolved> ending;         // that are known for now, and to be asked for again
  std::array<char, 512> text{};           // of one TXT string
  std::unique_ptr<std::uint8_t[]> whole;  // 64 KiB: an answer that must be cut to fit
  std::array<char, 512> extended_text{};  // of the Extended DNS Error
  ZoneName name;

  static constexpr std::size_t kMostUnresolved = 32;
  void fit(const CatalogTable& table);
};

enum class ZoneVerdict : std::uint8_t {
  reply,    // the records, `flags` and `extended` are the answer
  consult,  // a source must be asked for the name first
  resolve,  // upstream must be asked for `scratch.unresolved` first
};

class ZoneAnswer {
 public:
  struct Inputs {
    const CatalogTable& table;
    const ZoneSettings& settings;
    TargetAddresses& targets;
    dns::Random& random;
    AnswerScratch& scratch;
    dns::Time now;
    bool tcp = false;
    bool may_consult = true;  // false: a source was asked already, and the client waited
    bool may_resolve = true;  // false: upstream was asked already
  };

  ZoneAnswer(const Inputs& in, const dns::Query& query, dns::ReplyWriter& out)
      : in_(in), query_(query), out_(out), scratch_(in.scratch), name_(in.scratch.name) {}

  /// Answers a question inside the zone. `hash` is its name's.
  ZoneVerdict answer(std::uint64_t hash);
  /// Answers the PTR question for an address of the catalog that `use` uses.
  ZoneVerdict answer_reverse(const AddressUse& use);

  dns::ReplyFlags flags;
  bool has_extended = false;
  dns::ExtendedErrorText extended;  // its text lives in the scratch
  bool refresh = false;             // ask the sources for the name, behind the answer

 private:
  using Kind = ZoneName::Kind;

  ZoneVerdict answer_name(dns::NameView owner);
  ZoneVerdict answer_service(dns::NameView owner);
  void mark_asked();
  ZoneVerdict answer_records(const Node& node, dns::NameView owner);
  ZoneVerdict answer_alias(const RecordSet& alias);
  ZoneVerdict answer_apex(dns::NameView owner);
  ZoneVerdict answer_any();
  ZoneVerdict answer_instance(dns::NameView owner);
  ZoneVerdict answer_target();
  ZoneVerdict answer_addresses(const TableService& service, const View& view, dns::NameView owner);
  ZoneVerdict answer_gathered(dns::NameView owner, std::uint32_t ttl);
  ZoneVerdict answer_outside_addresses(dns::NameView host);

  /// Opens a record of the name that is answered for: the question's, or the one its aliases
  /// lead to.
  void open(dns::Type type, std::uint32_t ttl);
  void write_set(const RecordSet& set, dns::NameView owner);
  void write_own_addresses(dns::NameView owner);
  void write_srv(const View& view);
  bool write_srv_record(const View& view, const TableInstance& instance,
                        const Candidate& candidate);
  void write_ready_addresses(const View& view);
  bool stands_already(const TableInstance& instance, const Candidate& candidate) const;
  void write_glue();
  bool write_glue_of(const AnswerScratch::Placed& placed, dns::Type type);
  void write_uri(const View& view);
  void write_service_binding(const View& view);
  void write_hints(const TableInstance& instance, dns::Type type, std::uint16_t key);
  void write_text(const View& view);
  void write_text_record(const TableInstance& instance);
  void say_fail_open(const View& view);
  void write_explain(const View& view);
  std::string_view explain(const TableInstance& instance, const View& view);
  void write_browse(dns::NameView owner);
  void write_service_types();

  /// Gathers the addresses of `instance` into scratch.ips, each once. False: not known yet.
  bool gather(const TableInstance& instance, dns::Type type, std::uint32_t& ttl);
  bool gather_records(const Node* node, dns::Type type, std::uint32_t& ttl);
  void add_address(const dns::IpAddress& ip, dns::Type type);
  /// In the answer cache, or to be asked for: before the answer, or behind it.
  HostAddresses find_outside(dns::NameView host, dns::Type type);
  static void note(std::vector<Unresolved>& list, dns::NameView host, dns::Type type);
  void write_addresses(dns::NameView owner, dns::Type type, std::uint32_t ttl);

  /// `visit(instance, candidate)` in weighted order, until it returns false.
  template <typename Visit>
  void in_order(const View& view, Visit visit);

  ZoneVerdict negative(dns::Rcode rcode);
  ZoneVerdict fail(dns::ExtendedError code, std::string_view text);
  ZoneVerdict no_such_name();
  void settle_kind();
  bool has_data() const;
  bool is_our_own() const;
  ZoneVerdict done();
  void write_soa(dns::Section section, std::uint32_t ttl);
  void truncated() { flags.truncated = true; }
  /// The same where zone.max_answers makes the answer a sample: less of one is one still.
  void sample_cut() {
    flags.truncated = in_.settings.max_answers == 0 || out_.count(dns::Section::answer) == 0;
  }
  void say(dns::ExtendedError code, std::string_view text);
  void say_stale(const AskedVersion& asked);
  void say_age(dns::ExtendedError code, const SourceInfo& source, dns::Time heard);
  void say_if_old(SourceId source);
  void say_if_old(const TableService& service);
  void say_if_zone_is_old();
  bool is_old(const SourceInfo& source) const { return in_.now >= source.old_from; }
  std::uint32_t ttl_of(const TableService& service) const;
  std::uint32_t zone_ttl() const;
  std::uint32_t age(dns::Time since) const;

  const Inputs& in_;
  const dns::Query& query_;
  dns::ReplyWriter& out_;
  AnswerScratch& scratch_;
  ZoneName& name_;
  AskedFreshness asked_;
  bool old_ = false;                         // a listing source's data, past its time
  std::size_t owner_at_ = dns::kHeaderSize;  // where in the message that name stands
  std::uint16_t answered_ = 0;               // records before it: aliases
  static constexpr std::size_t kMostAliases = 8;
  std::array<dns::NameView, kMostAliases> owners_;  // of those aliases: a ring ends at one of them
  std::uint8_t aliases_ = 0;
  bool host_failed_ = false;  // upstream did not say the addresses of some instance's host
};

}  // namespace cache
