// What etcd's JSON gateway is asked: paths and bodies. Pure; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "upstream/skydns_key.h"

namespace upstream {

constexpr std::string_view kEtcdRange = "/v3/kv/range";
constexpr std::string_view kEtcdWatch = "/v3/watch";
constexpr std::string_view kEtcdAuthenticate = "/v3/auth/authenticate";

/// At most `limit` keys from `first` to before `end`, as they stood at `revision` (0: as they
/// stand now), in order.
std::string etcd_page_body(std::string_view first, std::string_view end, std::int64_t limit,
                           std::int64_t revision);
/// How far the cluster is: one key that hardly exists, answered by its majority.
std::string etcd_revision_body(const SkydnsRange& range);
/// All changes of the keys from that revision on.
std::string etcd_watch_body(const SkydnsRange& range, std::int64_t from);
std::string etcd_authenticate_body(const std::string& user, const std::string& password);

}  // namespace upstream
