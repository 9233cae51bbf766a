// What etcd's JSON gateway answers, in its own words: bytes in base64, 64-bit
// numbers as text, and nothing that is 0, empty or false.
//
// Pure; any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "dnsd/dns/result.h"

namespace upstream {

/// Who answers, and how far it is. A cluster that was restored counts from a lower revision, or is
/// another cluster.
struct EtcdHeader {
  std::string cluster;
  std::int64_t revision = 0;
};

/// Of `/v3/kv/range`, beside its keys.
struct EtcdPage {
  EtcdHeader header;
  bool more = false;     // keys follow the last one
  std::string last_key;  // of this page; empty: it has none
};

/// One key as it stands.
struct EtcdPair {
  std::string key;
  std::string value;
  std::int64_t revision = 0;  // at which it was last put
};

/// Tells each key, in order. Error: the reply is not whole, or no such reply;
/// what was told before must then be dropped.
dns::Result<EtcdPage> read_etcd_page(std::string_view body,
                                     const std::function<void(EtcdPair)>& hear);

/// The token of `/v3/auth/authenticate`.
dns::Result<std::string> read_etcd_token(std::string_view body);

/// etcd's own sentence in the body of an error; without one the start of the body.
std::string etcd_reason(std::string_view body);

/// Whether a sentence of etcd's says that the token is no good (any more), and
/// a new one may help.
bool wants_new_token(std::string_view reason);

}  // namespace upstream
