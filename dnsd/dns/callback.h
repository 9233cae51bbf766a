// A function to call later, without memory of its own: what it captures, a few
// pointers and numbers, stands in it. A value, copied as bytes are, and never empty. It owns
// nothing: what its pointers name must outlive it.
#pragma once

#include <cstddef>
#include <new>
#include <type_traits>
#include <utility>

namespace dns {

template <typename Signature, std::size_t kRoom>
class Callback;

/// `kRoom`: the bytes that it may capture.
template <typename... Arguments, std::size_t kRoom>
class Callback<void(Arguments...), kRoom> {
 public:
  template <typename Function>
  requires(!std::is_same_v<Function, Callback> &&
           std::is_invocable_v<const Function&, Arguments...>)
      Callback(Function function) {  // NOLINT(google-explicit-constructor)
    static_assert(sizeof(Function) <= kRoom && alignof(Function) <= alignof(void*));
    static_assert(std::is_trivially_copyable_v<Function>);
    new (captured_) Function(function);
    call_ = [](const void* captured, Arguments... arguments) {
      (*static_cast<const Function*>(captured))(std::forward<Arguments>(arguments)...);
    };
  }

  void operator()(Arguments... arguments) const {
    call_(captured_, std::forward<Arguments>(arguments)...);
  }

 private:
  void (*call_)(const void*, Arguments...);
  alignas(void*) std::byte captured_[kRoom];
};

}  // namespace dns
