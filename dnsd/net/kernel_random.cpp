#include "dnsd/net/kernel_random.h"

#include <sys/random.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <span>

namespace net {
namespace {

/// Fills `out` whole. A kernel without getrandom leaves us no safe way to ask a
/// question, so that ends the process.
void fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0 && errno != EINTR) std::abort();
    if (got > 0) out = out.subspan(static_cast<std::size_t>(got));
  }
}

}  // namespace

std::uint16_t KernelRandom::next16() {
  std::uint16_t value = 0;
  take(&value, sizeof value);
  return value;
}

std::uint64_t KernelRandom::next64() {
  std::uint64_t value = 0;
  take(&value, sizeof value);
  return value;
}

void KernelRandom::take(void* out, std::size_t size) {
  if (used_ + size > kBlock) {
    fill(block_);
    used_ = 0;
  }
  std::memcpy(out, &block_[used_], size);
  used_ += size;
}

}  // namespace net
