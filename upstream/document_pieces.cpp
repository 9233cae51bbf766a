#include "upstream/document_pieces.h"

#include <utility>

#include "cache/service_name.h"

namespace upstream {

std::string owner_of_service(const std::string& name, const dns::Name& zone) {
  const auto owner = cache::name_under(cache::canonical_service(name), zone);
  return owner ? std::string(owner->view()) : std::string();
}

std::uint32_t name_print(std::string_view owner) {
  return static_cast<std::uint32_t>(dns::hash_name(owner, dns::hash_seed()));
}

void DocumentPieces::add_piece(std::size_t begin) {
  pieces_.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(names_.size())});
}

void DocumentPieces::add_name(std::uint32_t print) {
  const auto at = std::exchange(next_, std::nullopt);
  const bool known = !names_.empty() && names_.back() == print;
  const bool begins = pieces_.empty() || (!known && at && *at >= pieces_.back().begin + least_);
  if (begins) add_piece(at.value_or(0));
  if (begins || !known) names_.push_back(print);
}

void DocumentPieces::append(const DocumentPieces& other, std::size_t from, std::size_t to,
                            std::ptrdiff_t later) {
  for (std::size_t number = from; number < to; ++number) {
    add_piece(other.begin(number) + static_cast<std::size_t>(later));
    other.names(number, number + 1, [this](std::uint32_t print) { names_.push_back(print); });
  }
}

}  // namespace upstream
