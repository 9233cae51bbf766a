// Where AWS's regions are, for what Route 53 answers by place; and which
// partition they belong to.
//
// Pure; any thread.
#pragma once

#include <string_view>

namespace upstream {

struct AwsPlace {
  std::string_view country;    // ISO 3166-1, `IE`; empty: not known
  std::string_view continent;  // as Route 53 has them: AF AN AS EU NA OC SA
};

/// Of a region such as `eu-west-1`. One that is newer than this table has the
/// continent of its neighbours, or nothing.
AwsPlace place_of_region(std::string_view region);

}  // namespace upstream
