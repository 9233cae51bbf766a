// What nearly every file includes of the standard library, read once for each library where the
// build has precompiled headers on (-Db_pch=true). No file relies on it: the release build is made
// without.
#ifndef SIGNPOST_PCH_STANDARD_H  // GCC warns of `#pragma once` in a header that it compiles by
                                 // itself
#define SIGNPOST_PCH_STANDARD_H

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#endif
