#include "symphony/generate/variation.h"

#include "symphony/base/error.h"
#include "symphony/base/rng.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>

namespace symphony::generate {
namespace {

constexpr int kTries = 8;
constexpr double kNearEnough = 0.02;

using Sound = std::tuple<std::size_t, score::Ticks, int>;  // part, onset, pitch

std::multiset<Sound> sounds_of(const score::Score& score) {
    std::multiset<Sound> sounds;
    for (std::size_t p = 0; p < score.parts.size(); ++p)
        for (const score::Note& note : score.parts[p].notes)
            sounds.insert({p, note.onset, note.pitch});
    return sounds;
}

struct Cell {
    std::size_t bar = 0, part = 0;
    int notes = 0;
};

// The cells that hold notes.
std::vector<Cell> cells_of(const score::Score& source) {
    const auto bars = score::bars_of(source);
    std::vector<Cell> cells;
    for (std::size_t p = 0; p < source.parts.size(); ++p) {
        for (const score::Note& note : source.parts[p].notes) {
            const std::size_t bar = score::bar_index(bars, note.onset);
            if (cells.empty() || cells.back().bar != bar || cells.back().part != p)
                cells.push_back({bar, p});
            ++cells.back().notes;
        }
    }
    return cells;
}

}  // namespace

double note_distance(const score::Score& a, const score::Score& b) {
    const auto of_a = sounds_of(a), of_b = sounds_of(b);
    std::vector<Sound> both;
    std::set_intersection(of_a.begin(), of_a.end(), of_b.begin(), of_b.end(),
                          std::back_inserter(both));
    const std::size_t all = of_a.size() + of_b.size();
    return all == 0 ? 0 : 1 - 2 * static_cast<double>(both.size()) / static_cast<double>(all);
}

Variation vary(const score::Score& source, double distance, std::uint64_t seed, int index,
               const FillFunction& fill) {
    std::vector<Cell> cells = cells_of(source);
    if (cells.empty())
        throw base::Error(base::ErrorKind::kUsage,
                          "there is nothing to vary in music without notes");
    base::Rng(seed, "vary", static_cast<std::uint64_t>(index)).shuffle(std::span(cells));
    const double notes = static_cast<double>(source.note_count());
    // About so many notes as are to change; the model writes some of them as they were.
    std::size_t low = 1, high = cells.size(), count = 0;
    for (double opened = 0; count < cells.size() && opened < distance * notes; ++count)
        opened += cells[count].notes;
    count = std::max<std::size_t>(count, 1);
    Variation best;
    double error = 2;
    for (int i = 0; i < kTries && low <= high; ++i) {
        Gap gap;
        gap.open.assign(score::bars_of(source).size(),
                        std::vector<bool>(source.parts.size(), false));
        for (std::size_t c = 0; c < count; ++c) gap.open[cells[c].bar][cells[c].part] = true;
        auto [take, filled] = fill(gap);
        const double reached = note_distance(source, filled);
        if (std::abs(reached - distance) < error) {
            error = std::abs(reached - distance);
            best = {std::move(gap), std::move(take), std::move(filled), reached};
        }
        if (error <= kNearEnough) break;
        if (reached < distance)
            low = count + 1;
        else
            high = count - 1;
        if (low > high) break;
        // In proportion, inside what is left.
        const double step = reached > 0 ? distance / reached : 2;
        count = std::clamp(static_cast<std::size_t>(std::lround(static_cast<double>(count) * step)),
                           low, high);
    }
    return best;
}

}  // namespace symphony::generate
