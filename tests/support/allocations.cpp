#include "tests/support/allocations.h"

#include <cerrno>
#include <cstdlib>

namespace {

thread_local std::size_t allocation_count = 0;
thread_local std::size_t allocation_bytes = 0;

void note(std::size_t size) {
  ++allocation_count;
  allocation_bytes += size;
}

}  // namespace

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED
#endif
#endif

#ifdef SANITIZED
// The sanitizers have an allocator of their own, and call us.
// NOLINTNEXTLINE(bugprone-reserved-identifier): its name
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*,
                                                                  std::size_t),
                                                         void (*)(const volatile void*));
namespace {
void on_malloc(const volatile void*, std::size_t size) {
  note(size);
}
void on_free(const volatile void*) {}
const int installed = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}  // namespace
#else
// In front of glibc's; operator new comes through here too.
extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier): their names
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t count, std::size_t size);
void* __libc_realloc(void* old, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);
// NOLINTEND(bugprone-reserved-identifier)

void* malloc(std::size_t size) {
  note(size);
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  note(count * size);
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
  note(size);
  return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  note(size);
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** out, std::size_t alignment, std::size_t size) {
  note(size);
  *out = __libc_memalign(alignment, size);
  return *out != nullptr ? 0 : ENOMEM;
}
}
#endif

namespace support {

Allocations::Allocations() : count_(allocation_count), bytes_(allocation_bytes) {}

std::size_t Allocations::count() const {
  return allocation_count - count_;
}

std::size_t Allocations::bytes() const {
  return allocation_bytes - bytes_;
}

}  // namespace support
