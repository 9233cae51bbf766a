#include "cache/weighted_order.h"

#include <utility>

namespace cache {

const Candidate* WeightedOrder::next() {
  if (left_.empty()) return nullptr;
  if (group_ == 0) open_priority();
  const std::size_t drawn = group_ == 1 ? 0 : draw();
  given_ = left_[drawn];
  sum_ -= given_.weight;
  if (given_.weight == 0) --zeros_;
  left_[drawn] = left_[0];
  left_ = left_.subspan(1);
  --group_;
  return &given_;
}

void WeightedOrder::open_priority() {
  const std::uint16_t priority = left_[0].priority;
  zeros_ = 0;
  sum_ = 0;
  for (; group_ < left_.size() && left_[group_].priority == priority; ++group_) {
    sum_ += left_[group_].weight;
    if (left_[group_].weight == 0) ++zeros_;
  }
}

std::size_t WeightedOrder::draw() {
  // RFC 2782: a number from 0 to the sum; those of weight 0 stand first, so a 0
  // is theirs. Without any, 0 is left out: shares are then exactly the weights.
  std::uint64_t ticket = zeros_ > 0 ? random_.below(sum_ + 1) : 1 + random_.below(sum_);
  const bool for_zero = ticket == 0;
  if (for_zero) ticket = 1 + random_.below(zeros_);
  for (std::size_t i = 0;; ++i) {
    const std::uint64_t share = for_zero ? (left_[i].weight == 0 ? 1 : 0) : left_[i].weight;
    if (ticket <= share) return i;
    ticket -= share;
  }
}

}  // namespace cache
