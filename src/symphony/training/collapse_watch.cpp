#include "symphony/training/collapse_watch.h"

#include "symphony/base/entropy.h"
#include "symphony/base/quantile.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace symphony::training {
namespace {

// The longest stretch that occurs twice is, for some distance, the longest run of equal pairs.
int longest_repeat(std::span<const int> ids) {
    int longest = 0;
    for (std::size_t distance = 1; distance < ids.size(); ++distance) {
        int run = 0;
        for (std::size_t i = distance; i < ids.size(); ++i) {
            run = ids[i] == ids[i - distance] ? run + 1 : 0;
            longest = std::max(longest, run);
        }
    }
    return longest;
}

}  // namespace

TokenShape measure_shape(std::span<const int> ids, std::span<const tokens::TokenKind> kinds) {
    std::map<int, int> counts;
    for (int id : ids) ++counts[id];
    TokenShape shape;
    for (const auto& [id, count] : counts)
        if (kinds[static_cast<std::size_t>(id)] == tokens::TokenKind::kPitch)
            ++shape.distinct_pitches;
    shape.entropy_bits = base::entropy_bits(counts, static_cast<double>(ids.size()),
                                            [](const auto& entry) { return entry.second; });
    shape.longest_repeat = longest_repeat(ids);
    return shape;
}

ShapeBand measure_band(const std::vector<std::vector<int>>& sequences, std::size_t length,
                       std::span<const tokens::TokenKind> kinds) {
    constexpr std::size_t kStretches = 64;  // one per piece, enough for percentiles
    std::vector<double> pitches, repeats, entropies;
    for (const auto& ids : sequences) {
        if (ids.size() < length || pitches.size() == kStretches) continue;
        const TokenShape shape = measure_shape(std::span(ids).first(length), kinds);
        pitches.push_back(shape.distinct_pitches);
        repeats.push_back(shape.longest_repeat);
        entropies.push_back(shape.entropy_bits);
    }
    ShapeBand band;
    band.stretches = static_cast<int>(pitches.size());
    if (pitches.empty()) return band;
    for (auto* values : {&pitches, &repeats, &entropies}) std::sort(values->begin(), values->end());
    const auto shape_at = [&](double q) {
        return TokenShape{static_cast<int>(base::quantile(pitches, q)),
                          static_cast<int>(base::quantile(repeats, q)),
                          base::quantile(entropies, q)};
    };
    band.low = shape_at(0.05);
    band.high = shape_at(0.95);
    return band;
}

std::vector<std::string> collapse_warnings(const TokenShape& sample, const ShapeBand& data) {
    std::vector<std::string> warnings;
    if (data.stretches == 0) return warnings;
    // "Far" is twice as poor as the poorest twentieth of real music, or a bit of entropy below it.
    if (sample.distinct_pitches * 2 < data.low.distinct_pitches)
        warnings.push_back(fmt::format(
            "the sample uses {} different pitches, real music of that length {} to {}",
            sample.distinct_pitches, data.low.distinct_pitches, data.high.distinct_pitches));
    if (sample.longest_repeat > 2 * data.high.longest_repeat)
        warnings.push_back(fmt::format(
            "the sample repeats {} tokens in a row, real music of that length at most about {}",
            sample.longest_repeat, data.high.longest_repeat));
    if (sample.entropy_bits < data.low.entropy_bits - 1)
        warnings.push_back(fmt::format(
            "the sample's tokens are monotonous: {:.1f} bits, real music of that length {:.1f} to "
            "{:.1f}",
            sample.entropy_bits, data.low.entropy_bits, data.high.entropy_bits));
    return warnings;
}

base::Json to_json(const TokenShape& shape) {
    return {{"distinct_pitches", shape.distinct_pitches},
            {"longest_repeat", shape.longest_repeat},
            {"entropy_bits", shape.entropy_bits}};
}

base::Json to_json(const ShapeBand& band) {
    return {
        {"low", to_json(band.low)}, {"high", to_json(band.high)}, {"stretches", band.stretches}};
}

}  // namespace symphony::training
