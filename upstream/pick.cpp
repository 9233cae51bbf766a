#include "upstream/pick.h"

#include <algorithm>

namespace upstream {
namespace {

using Order = std::span<std::uint8_t>;

void shuffle(Order order, dns::Random& random) {
  for (std::size_t left = order.size(); left > 1; --left) {
    std::swap(order[left - 1], order[random.below(left)]);
  }
}

/// Stable, as std::stable_sort is, but without memory of its own.
template <typename Before>
void sort_few(Order order, Before before) {
  for (auto next = order.begin(); next != order.end(); ++next) {
    std::rotate(std::upper_bound(order.begin(), next, *next, before), next, next + 1);
  }
}

Order all_but_aside(std::span<const Candidate> candidates, Order room) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (!candidates[i].set_aside) room[count++] = static_cast<std::uint8_t>(i);
  }
  return room.first(count);
}

}  // namespace

Order pick_order(std::span<const Candidate> candidates, conf::Forward::Policy policy,
                 dns::Random& random, Order room) {
  const Order order = all_but_aside(candidates, room);
  if (policy == conf::Forward::Policy::random) shuffle(order, random);
  const bool by_rank = policy == conf::Forward::Policy::fastest;
  sort_few(order, [&](std::uint8_t a, std::uint8_t b) {
    const Candidate& left = candidates[a];
    const Candidate& right = candidates[b];
    if (left.passed_over != right.passed_over) return right.passed_over;
    return by_rank && left.rank < right.rank;
  });
  return order;
}

}  // namespace upstream
