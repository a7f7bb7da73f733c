#include "symphony/corpus/copying/winnow.h"

#include "symphony/corpus/word_hash.h"

#include <algorithm>

namespace symphony::corpus {

std::vector<std::uint32_t> step_hashes(std::span<const LineNote> line, std::size_t steps) {
    std::vector<std::uint32_t> hashes;
    for (std::size_t begin = 0; begin + steps < line.size(); ++begin) {
        WordHash hash;
        for (std::size_t i = begin; i < begin + steps; ++i) {
            const int interval = score::kPitches + int{line[i + 1].pitch} - int{line[i].pitch};
            hash.add((line[i + 1].onset - line[i].onset).value << 8 | interval);
        }
        hashes.push_back(hash.value());
    }
    return hashes;
}

std::vector<std::size_t> winnowed(std::span<const std::uint32_t> hashes, std::size_t window) {
    std::vector<std::size_t> chosen;
    if (hashes.empty()) return chosen;
    window = std::min(window, hashes.size());
    for (std::size_t begin = 0; begin + window <= hashes.size(); ++begin) {
        std::size_t least = begin;
        for (std::size_t i = begin; i < begin + window; ++i)
            if (hashes[i] <= hashes[least]) least = i;
        const bool is_there =
            !chosen.empty() && chosen.back() >= begin && hashes[chosen.back()] == hashes[least];
        if (!is_there) chosen.push_back(least);
    }
    return chosen;
}

}  // namespace symphony::corpus
