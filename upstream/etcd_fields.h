// Single fields of etcd's replies. Pure; any thread.
#pragma once

#include <charconv>
#include <cstdint>
#include <string>

#include "upstream/base64.h"
#include "upstream/etcd_reply.h"
#include "upstream/json_walk.h"

namespace upstream {

/// A whole number, in quotes or not. False: it is none.
inline bool read_etcd_number(const JsonScalar& scalar, std::int64_t& number) {
  const char* end = scalar.text.data() + scalar.text.size();
  const auto [stop, problem] = std::from_chars(scalar.text.data(), end, number);
  return problem == std::errc() && stop == end;
}

/// Bytes in base64. False: it is none.
inline bool read_etcd_bytes(const JsonScalar& scalar, std::string& bytes) {
  auto decoded = from_base64(scalar.text);
  if (!decoded || scalar.kind != JsonScalar::Kind::text) return false;
  bytes = std::move(*decoded);
  return true;
}

inline bool is_true(const JsonScalar& scalar) {
  return scalar.kind == JsonScalar::Kind::boolean && scalar.text == "true";
}

/// The field `name` of a header. False: it is not of its kind.
inline bool read_etcd_header(std::string_view name, const JsonScalar& scalar, EtcdHeader& header) {
  if (name == "cluster_id") header.cluster = scalar.text;
  return name != "revision" || read_etcd_number(scalar, header.revision);
}

/// The field `name` of a key as it stands. False: it is not of its kind.
inline bool read_etcd_pair(std::string_view name, const JsonScalar& scalar, EtcdPair& pair) {
  if (name == "key") return read_etcd_bytes(scalar, pair.key);
  if (name == "value") return read_etcd_bytes(scalar, pair.value);
  return name != "mod_revision" || read_etcd_number(scalar, pair.revision);
}

}  // namespace upstream
