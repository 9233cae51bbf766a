// The known word that a mistyped one was meant to be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace conf {

/// How many letters must be put in, left out, changed or swapped with their
/// neighbour to turn one word into the other.
std::size_t edit_distance(std::string_view a, std::string_view b);

/// The candidate with the least distance. Nothing when all are so far that
/// naming one would mislead: more than a third of the word, rounded up.
std::optional<std::string> nearest(std::string_view word,
                                   const std::vector<std::string>& candidates);

/// `; did you mean 'x'?`, or nothing where no candidate is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

/// `a, b and c`
std::string listed(const std::vector<std::string>& words, std::string_view conjunction = "and");

}  // namespace conf
