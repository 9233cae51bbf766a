// A scenario: a conversation of clients, upstream servers, catalogs and time
// with the daemon, one step a line. README.md tells the language.
//
// Pure values and their parser: text in, steps out, errors with their line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dnsd/dns/address.h"
#include "dnsd/dns/codes.h"
#include "dnsd/dns/question.h"
#include "dnsd/dns/result.h"
#include "dnsd/dns/time.h"
#include "dnsd/dns/wire.h"

namespace scenario {

/// Who asks: `client` is 127.0.0.1, `client 2` 127.0.0.2, `client 203.0.113.9` that.
using Client = dns::IpAddress;

/// A message's records as zone text, section by section.
struct Records {
  std::vector<std::string> answer, authority, additional;
};

struct ClientAsks {
  Client client;
  std::string name;  // as it is spelled
  dns::Question question;
  bool tcp = false, recursion_desired = true, checking_disabled = false, authentic_data = false;
  bool dnssec_ok = false, edns = false, keepalive = false;
  std::uint8_t version = 0;
  std::uint16_t udp_size = 1232;
  std::optional<std::uint16_t> id;  // nothing: one that it has not used yet
  dns::Wire cookie;                 // empty: none
};

struct ClientSends {
  Client client;
  bool tcp = false;
  dns::Wire bytes;
};

struct ClientHears {
  Client client;
  bool nothing = false;
  dns::Rcode rcode = dns::Rcode::NOERROR;
  bool authoritative = false, truncated = false, authentic_data = false;
  bool in_order = false, cookie = false, keepalive = false;
  std::optional<std::uint16_t> extended_error;
  std::string extended_text;  // a part of it
  Records records;            // `*` is any word, `...` at the end any rest
};

struct ServerIsAsked {
  dns::SocketAddress server;
  dns::Question question;
  bool tcp = false, dnssec_ok = false, checking_disabled = false, edns = true, lower_case = false;
};

/// It is sent a question of our own that would show a loop.
struct ServerIsProbed {
  dns::SocketAddress server;
};

struct ServerAnswers {
  enum class Bent : std::uint8_t { no, id, port, question, lower_case, malformed };
  dns::SocketAddress server;
  std::optional<dns::Question> to;  // which of its questions; nothing: the last
  Bent bent = Bent::no;
  std::string other_question;  // for Bent::question
  dns::Rcode rcode = dns::Rcode::NOERROR;
  bool truncated = false, authentic_data = false, authoritative = false, edns = false;
  Records records;
};

struct ServerActs {
  enum class What : std::uint8_t {
    refuses,              // ICMP, or the connection is reset
    closes,               // the connection, in order
    refuses_connections,  // from now on
    takes_connections,
    is_cut_off,  // from now on nothing can be sent to it
    is_back,
    loops,  // its last question comes to the daemon, from client 127.0.0.1
  };
  dns::SocketAddress server;
  What what = What::refuses;
};

/// A catalog's file is written, for the first time or anew.
struct FileSays {
  std::string file;
  std::string text;
  bool broken = false;  // it cannot be read
};

struct CatalogIsAsked {
  std::string service, version;
};

struct CatalogAnswers {
  enum class What : std::uint8_t { found, absent, unavailable, unreachable };
  What what = What::absent;
  std::uint32_t ttl = 60;
  std::string why;
  std::string text;  // found: the lines of a [[service]] table, as in a TOML catalog
};

struct TimePasses {
  dns::Milliseconds time;
};

struct NobodyIsAsked {};

using What =
    std::variant<ClientAsks, ClientSends, ClientHears, ServerIsAsked, ServerIsProbed, ServerAnswers,
                 ServerActs, FileSays, CatalogIsAsked, CatalogAnswers, TimePasses, NobodyIsAsked>;

struct Step {
  int line = 0;
  What what;
};

struct Scenario {
  std::string conf;           // TOML, as in signpost.toml
  int conf_line = 0;          // where it stands
  std::size_t in_flight = 0;  // questions upstream at once; 0: as usual
  bool mixed_case = false;    // questions leave in mixed case
  bool loop_probes = false;   // it looks for upstreams that lead back to it
  std::vector<Step> steps;
};

struct Problem {
  int line = 0;
  std::string sentence;
};

/// All steps, or the first line that is none.
std::variant<Scenario, Problem> parse(std::string_view text);

}  // namespace scenario
