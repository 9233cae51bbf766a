#include "conf/value.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace conf {
namespace {

struct Shown {
  std::string operator()(bool flag) const { return flag ? "true" : "false"; }
  std::string operator()(std::int64_t number) const { return std::to_string(number); }
  std::string operator()(const std::string& text) const { return "'" + text + "'"; }
  std::string operator()(const Value::List&) const { return "a list"; }
  std::string operator()(const Unfit& unfit) const { return unfit.what; }
};

constexpr std::array<std::string_view, 10> kOff = {"",   "off", "none", "false", "0",
                                                   "0s", "0ms", "0m",   "0h",    "0d"};

struct Off {
  bool operator()(bool flag) const { return !flag; }
  bool operator()(std::int64_t) const { return false; }
  bool operator()(const std::string& text) const {
    return std::find(kOff.begin(), kOff.end(), text) != kOff.end();
  }
  bool operator()(const Value::List& list) const { return list.empty(); }
  bool operator()(const Unfit&) const { return false; }
};

}  // namespace

std::string Value::found() const {
  return std::visit(Shown{}, held);
}

bool Value::is_off() const {
  return std::visit(Off{}, held);
}

}  // namespace conf
