// Messages for tests, written as zone text and read back as such.
//
//   message("web.example. A", {.answer = {"web.example. 60 IN A 198.51.100.7"}})
//
// Made by ldns, so that our own code does not check itself.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dnsd/dns/codes.h"
#include "dnsd/dns/wire.h"

namespace support {

/// What a message has besides its question.
struct Parts {
  dns::Rcode rcode = dns::Rcode::NOERROR;
  std::vector<std::string> answer = {};
  std::vector<std::string> authority = {};
  std::vector<std::string> additional = {};
  bool edns = false;  // an OPT at the end
  bool truncated = false;
  std::uint16_t id = 0;
};

/// A reply (QR, RD, RA) to `question`: `web.example. A`, class IN. Broken text
/// ends the test program with a sentence.
dns::Wire message(const std::string& question, const Parts& parts = {});

/// A query with RD for `question`.
dns::Wire query(const std::string& question, std::uint16_t id = 0, bool edns = false,
                bool dnssec_ok = false);

/// One record in wire form, uncompressed.
dns::Wire rr(const std::string& text);

/// The records of one section as zone text, one blank between fields, in order.
/// OPT is left out.
std::vector<std::string> answers_of(dns::WireView message);
std::vector<std::string> authorities_of(dns::WireView message);
std::vector<std::string> additionals_of(dns::WireView message);

/// `web.example. A`, spelled as in the message.
std::string question_of(dns::WireView message);

/// Whether there is an OPT.
bool has_edns(dns::WireView message);

}  // namespace support
