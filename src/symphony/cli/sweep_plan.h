// A search over settings as data: which values are tried, which trials are drawn, and how the
// losers stop early (successive halving: Jamieson and Talwalkar 2016).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace symphony::cli {

// Option of `train` -> its value, as it is typed.
using Settings = std::map<std::string, std::string>;

// "layers=1,2,3" or "lstm.dropout=0,0.2": values of an option, for all families or for one.
struct Axis {
    std::string family;  // empty: all
    std::string option;
    std::vector<std::string> values;
};
// Throws Error (kUsage) for text of another form.
Axis parse_axis(const std::string& text);

struct Trial {
    int number = 1;  // in its family, from 1
    std::string family;
    Settings settings;
    std::string words() const;  // "dropout 0.1, layers 2"
};

// The trials of a family: all combinations of its axes, or `most` of them drawn without repeats by
// `seed` (0: all). At least one, also without axes.
std::vector<Trial> trials_of(const std::string& family, const std::vector<Axis>& axes, int most,
                             std::uint64_t seed);

// Training steps of each round: the last has all `steps`, each one before `keep` times the next.
std::vector<std::int64_t> steps_of_rounds(std::int64_t steps, int rounds, double keep);

// Places of the ceil(keep * n) lowest losses, rising. Losses that are no numbers lose.
std::vector<std::size_t> survivors(const std::vector<double>& losses, double keep);

}  // namespace symphony::cli
