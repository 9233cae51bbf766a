#include "upstream/standing_pieces.h"

#include <algorithm>
#include <cstring>

namespace upstream {
namespace {

// How far a piece may have moved between two changes to be found again.
constexpr std::size_t kReach = 65'536;
// More than one byte in so many replaced, before and after: the whole costs hardly more.
constexpr std::size_t kShare = 4;

class Comparison {
 public:
  Comparison(std::string_view text, const DocumentPieces& pieces, std::string_view next)
      : text_(text), pieces_(pieces), next_(next), searches_(next.size() + 8 * kReach) {}

  std::optional<std::vector<Replaced>> replaced(Replaced rest) {
    pass_standing(rest);
    pass_standing_from_the_end(rest);
    while (const auto gap = before_next_standing(rest)) {
      add(*gap);
      rest.first = gap->last;
      rest.begin = gap->end;
      pass_standing(rest);
    }
    add(rest);
    if (bytes_ > 2 * text_.size() / kShare) return {};
    return std::move(found_);
  }

 private:
  std::string_view piece(std::size_t number) const {
    return pieces_.text(text_, number, number + 1);
  }

  /// Takes the pieces from the front of `rest` that follow there.
  void pass_standing(Replaced& rest) const {
    while (rest.first < rest.last) {
      const std::size_t size = pieces_.size(rest.first);
      if (size > rest.size()) return;
      const bool is_last = rest.first + 1 == pieces_.count();
      if (is_last && size != rest.size()) return;
      if (next_.substr(rest.begin, size) != piece(rest.first)) return;
      ++rest.first;
      rest.begin += size;
    }
  }
  void pass_standing_from_the_end(Replaced& rest) const {
    while (rest.first < rest.last) {
      const std::size_t size = pieces_.size(rest.last - 1);
      if (size > rest.size()) return;
      if (next_.substr(rest.end - size, size) != piece(rest.last - 1)) return;
      --rest.last;
      rest.end -= size;
    }
  }

  /// What of `rest` comes before the next of its pieces that is found there.
  std::optional<Replaced> before_next_standing(const Replaced& rest) {
    for (std::size_t number = rest.first; number < rest.last; ++number) {
      if (number + 1 == pieces_.count()) break;
      const std::size_t far = pieces_.begin(number + 1) - pieces_.begin(rest.first) + kReach;
      const std::size_t room = std::min(far, rest.size());
      if (room > searches_) break;
      searches_ -= room;
      const auto at = find(piece(number), next_.substr(rest.begin, room));
      if (at) return Replaced{rest.first, number, rest.begin, rest.begin + *at};
    }
    return {};
  }
  static std::optional<std::size_t> find(std::string_view what, std::string_view in) {
    const void* at = memmem(in.data(), in.size(), what.data(), what.size());
    if (at == nullptr) return {};
    return static_cast<std::size_t>(static_cast<const char*>(at) - in.data());
  }

  void add(const Replaced& gap) {
    const std::size_t bytes = pieces_.text(text_, gap.first, gap.last).size() + gap.size();
    bytes_ += bytes;
    if (bytes > 0) found_.push_back(gap);
  }

  std::string_view text_;
  const DocumentPieces& pieces_;
  std::string_view next_;
  std::size_t searches_;  // bytes that may still be searched
  std::size_t bytes_ = 0;
  std::vector<Replaced> found_;
};

}  // namespace

std::optional<std::vector<Replaced>> replaced_pieces(std::string_view text,
                                                     const DocumentPieces& pieces,
                                                     const Replaced& around,
                                                     std::string_view next) {
  return Comparison(text, pieces, next).replaced(around);
}

}  // namespace upstream
