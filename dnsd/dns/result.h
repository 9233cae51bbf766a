// A value, or a sentence that says why there is none.
#pragma once

#include <string>
#include <utility>
#include <variant>

namespace dns {

/// Why something could not be done, as a sentence for the operator: what was
/// expected, where, and what to do.
struct Error {
  std::string message;
};

/// Either a `T` or an `Error`. Ask `ok()` before `value()` or `error()`; the
/// wrong one terminates (a broken invariant, not a failure to handle).
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : held_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : held_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & { return std::get<0>(held_); }
  const T& value() const& { return std::get<0>(held_); }
  T&& value() && { return std::get<0>(std::move(held_)); }
  const Error& error() const { return std::get<1>(held_); }

 private:
  std::variant<T, Error> held_;
};

/// The value of a `Result` that carries no data.
struct Done {};

}  // namespace dns
