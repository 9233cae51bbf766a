#include "upstream/aws_places.h"

#include <algorithm>
#include <array>

namespace upstream {
namespace {

struct Row {
  std::string_view region;  // or how regions begin
  AwsPlace place;
};

// The first row that the region begins with counts.
constexpr std::array<Row, 37> kRows = {{
    {"af-south-1", {"ZA", "AF"}},
    {"af-", {"", "AF"}},
    {"ap-east-1", {"HK", "AS"}},
    {"ap-east-2", {"TW", "AS"}},
    {"ap-northeast-1", {"JP", "AS"}},
    {"ap-northeast-2", {"KR", "AS"}},
    {"ap-northeast-3", {"JP", "AS"}},
    {"ap-south-", {"IN", "AS"}},
    {"ap-southeast-1", {"SG", "AS"}},
    {"ap-southeast-2", {"AU", "OC"}},
    {"ap-southeast-3", {"ID", "AS"}},
    {"ap-southeast-4", {"AU", "OC"}},
    {"ap-southeast-5", {"MY", "AS"}},
    {"ap-southeast-6", {"NZ", "OC"}},
    {"ap-southeast-7", {"TH", "AS"}},
    {"ap-", {"", "AS"}},
    {"ca-", {"CA", "NA"}},
    {"cn-", {"CN", "AS"}},
    {"eu-central-1", {"DE", "EU"}},
    {"eu-central-2", {"CH", "EU"}},
    {"eu-north-1", {"SE", "EU"}},
    {"eu-south-1", {"IT", "EU"}},
    {"eu-south-2", {"ES", "EU"}},
    {"eu-west-1", {"IE", "EU"}},
    {"eu-west-2", {"GB", "EU"}},
    {"eu-west-3", {"FR", "EU"}},
    {"eusc-de-", {"DE", "EU"}},
    {"eu-", {"", "EU"}},
    {"il-", {"IL", "AS"}},
    {"me-central-1", {"AE", "AS"}},
    {"me-south-1", {"BH", "AS"}},
    {"me-", {"", "AS"}},
    {"mx-", {"MX", "NA"}},
    {"sa-east-1", {"BR", "SA"}},
    {"sa-", {"", "SA"}},
    {"us-gov-", {"US", "NA"}},
    {"us-", {"US", "NA"}},
}};

}  // namespace

AwsPlace place_of_region(std::string_view region) {
  const auto row = std::find_if(kRows.begin(), kRows.end(),
                                [&](const Row& known) { return region.starts_with(known.region); });
  return row == kRows.end() ? AwsPlace{} : row->place;
}

}  // namespace upstream
