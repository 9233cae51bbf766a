// How much the program allocates, by any way: new, malloc, or a library's.
//
//   const Allocations counted;
//   ...
//   EXPECT_EQ(counted.count(), 0U);
#pragma once

#include <cstddef>

namespace support {

/// Counts this thread's allocations since it was made.
class Allocations {
 public:
  Allocations();
  std::size_t count() const;
  std::size_t bytes() const;

 private:
  std::size_t count_;
  std::size_t bytes_;
};

}  // namespace support
