// Unpredictable numbers from the kernel (getrandom), drawn in blocks so that a
// query ID costs no system call. For IDs, ports, cookies and jitter alike.
//
// Not thread-safe: each thread has its own.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace net {

class KernelRandom {
 public:
  std::uint16_t next16();
  std::uint64_t next64();

 private:
  static constexpr std::size_t kBlock = 512;

  /// Copies the next `size` bytes to `out`, from a fresh block where this one is used up.
  void take(void* out, std::size_t size);

  std::array<std::uint8_t, kBlock> block_;
  std::size_t used_ = kBlock;
};

}  // namespace net
