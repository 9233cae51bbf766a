#include "upstream/pick.h"

#include <algorithm>
#include <numeric>

namespace upstream {
namespace {

using Order = std::vector<std::uint8_t>;

void shuffle(Order& order, dns::Random& random) {
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[random.below(left)]);
  }
}

}  // namespace

Order pick_order(std::span<const Candidate> candidates, conf::Forward::Policy policy,
                 dns::Random& random) {
  Order order(candidates.size());
  std::iota(order.begin(), order.end(), std::uint8_t{0});
  std::erase_if(order, [&](std::uint8_t one) { return candidates[one].set_aside; });
  if (order.size() < 2) return order;
  if (policy == conf::Forward::Policy::random) shuffle(order, random);
  const bool by_rank = policy == conf::Forward::Policy::fastest;
  std::stable_sort(order.begin(), order.end(), [&](std::uint8_t a, std::uint8_t b) {
    const Candidate& left = candidates[a];
    const Candidate& right = candidates[b];
    if (left.passed_over != right.passed_over) return right.passed_over;
    return by_rank && left.rank < right.rank;
  });
  return order;
}

}  // namespace upstream
