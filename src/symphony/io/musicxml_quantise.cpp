// Quantising for notation, beat by beat. Source: own.
#include "symphony/io/musicxml_quantise.h"

#include "symphony/io/musicxml_notation.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace symphony::io::musicxml {
namespace {

using score::Ticks;

constexpr double kPlainShare = 0.7;
constexpr double kTripletPenalty = 1.5;  // 16ths are the likelier where both fit

struct PlacedBar {
    std::int64_t ticks, units, length_units;
};

// How many parts of a quarter a written position may stand on: 2^k, or 2^k tuplets.
bool is_notatable(std::int64_t ticks, std::int64_t per_quarter) {
    std::int64_t parts = per_quarter / std::gcd(ticks, per_quarter), halvings = 0;
    while (parts % 2 == 0) {
        parts /= 2;
        ++halvings;
    }
    switch (parts) {
        case 1:
            return halvings <= 4;
        case 3:
            return halvings <= 3;
        case 5:
        case 7:
        case 9:
            return halvings <= 2;
        case 11:
        case 13:
            return halvings <= 1;
        default:
            return false;
    }
}

std::int64_t to_units(std::int64_t ticks, std::int64_t per_quarter) {
    const std::int64_t whole = ticks / per_quarter, rest = ticks % per_quarter;
    return whole * kUnits + (rest * kUnits + per_quarter / 2) / per_quarter;
}

std::int64_t rounded_to(std::int64_t units, std::int64_t step) {
    return (units + step / 2) / step * step;
}

// A division of the quarter that written music is full of: 32nds, 16th triplets, plain tuplets.
bool is_plain(std::int64_t parts) {
    return 8 % parts == 0 || 6 % parts == 0 || (parts % 2 == 1 && parts <= 13);
}

class Quantiser {
  public:
    explicit Quantiser(const score::Score& score)
        : score_(score), per_quarter_(score.ticks_per_quarter) {
        place_bars();
        result_.is_performed = is_performed();
    }

    Quantised run() {
        score::Score& out = result_.score;
        out = score_;
        out.ticks_per_quarter = static_cast<int>(kUnits);
        out.bars.clear();
        const std::vector<score::Bar> bars = score::bars_of(score_);
        for (std::size_t i = 0; i < bars.size(); ++i)
            out.bars.push_back(
                {Ticks(bars_[i].units), Ticks(bars_[i].length_units), bars[i].meter});
        for (score::Part& part : out.parts) {
            choose_grids(part);
            for (score::Note& note : part.notes) move(note, part.is_drums);
            std::sort(part.notes.begin(), part.notes.end());
            for (auto& text : part.texts) text.onset = Ticks(placed(text.onset.value));
            for (auto& change : part.programs) change.onset = Ticks(placed(change.onset.value));
        }
        grids_.clear();
        for (auto& change : out.tempos) change.onset = Ticks(placed(change.onset.value));
        for (auto& change : out.keys) change.onset = Ticks(placed(change.onset.value));
        for (auto& text : out.texts) text.onset = Ticks(placed(text.onset.value));
        for (auto& phrase : out.phrases) phrase.onset = Ticks(placed(phrase.onset.value));
        return std::move(result_);
    }

  private:
    void place_bars() {
        std::int64_t units = 0;
        for (const score::Bar& bar : score::bars_of(score_)) {
            std::int64_t length = to_units(bar.length.value, per_quarter_);
            if (!is_notatable(bar.length.value, per_quarter_))
                length = std::max(rounded_to(length, kUnits / 8), kUnits / 8);
            bars_.push_back({bar.onset.value, units, length});
            units += length;
        }
        if (bars_.empty()) bars_.push_back({0, 0, 4 * kUnits});
    }

    std::size_t bar_of(std::int64_t ticks) const {
        const auto after =
            std::upper_bound(bars_.begin(), bars_.end(), ticks,
                             [](std::int64_t at, const PlacedBar& bar) { return at < bar.ticks; });
        return after == bars_.begin() ? 0 : static_cast<std::size_t>(after - bars_.begin()) - 1;
    }

    bool is_performed() const {
        std::uint64_t plain = 0, all = 0;
        for (const score::Part& part : score_.parts)
            for (const score::Note& note : part.notes) {
                const std::int64_t inside =
                    note.onset.value - bars_[bar_of(note.onset.value)].ticks;
                const std::int64_t parts = per_quarter_ / std::gcd(inside, per_quarter_);
                plain += is_plain(parts);
                ++all;
            }
        return static_cast<double>(plain) < kPlainShare * static_cast<double>(all);
    }

    // Of each beat of each bar in which the part begins a note: 16ths or eighth triplets.
    void choose_grids(const score::Part& part) {
        grids_.clear();
        if (!result_.is_performed) return;
        std::vector<std::int64_t> inside;
        std::size_t bar = bars_.size();
        std::int64_t beat = -1;
        const auto close = [&] {
            double sixteenths = 0, triplets = 0;
            for (const std::int64_t at : inside) {
                sixteenths += std::abs(static_cast<double>(at - rounded_to(at, kUnits / 4)));
                triplets += std::abs(static_cast<double>(at - rounded_to(at, kUnits / 3)));
            }
            if (!inside.empty() && inside.size() >= 2 && triplets * kTripletPenalty < sixteenths)
                grids_.push_back({bar, beat});
            inside.clear();
        };
        for (const score::Note& note : part.notes) {
            const std::size_t its_bar = bar_of(note.onset.value);
            const std::int64_t at = to_units(note.onset.value - bars_[its_bar].ticks, per_quarter_);
            if (its_bar != bar || at / kUnits != beat) close();
            bar = its_bar;
            beat = at / kUnits;
            inside.push_back(at % kUnits);
        }
        close();
    }

    // Units of a tick, where notation can write it.
    std::int64_t placed(std::int64_t ticks) const {
        const std::size_t index = bar_of(std::max<std::int64_t>(0, ticks));
        const PlacedBar& bar = bars_[index];
        const std::int64_t inside = ticks - bar.ticks;
        std::int64_t at = to_units(inside, per_quarter_);
        if (result_.is_performed) {
            const bool in_triplets =
                std::binary_search(grids_.begin(), grids_.end(),
                                   std::pair<std::size_t, std::int64_t>{index, at / kUnits});
            at = rounded_to(at, in_triplets ? kUnits / 3 : kUnits / 4);
        } else if (!is_notatable(inside, per_quarter_)) {
            const std::int64_t halves = rounded_to(at, kUnits / 8),
                               thirds = rounded_to(at, kUnits / 6);
            at = std::abs(halves - at) <= std::abs(thirds - at) ? halves : thirds;
        }
        const bool is_last = index + 1 == bars_.size();
        return bar.units + (is_last ? at : std::min(at, bar.length_units));
    }

    // The length of a drum's note is no music.
    void move(score::Note& note, bool is_drum) {
        const std::int64_t onset = placed(note.onset.value), end = placed(note.end().value);
        const std::int64_t shortest = result_.is_performed ? kUnits / 4 : kUnits / 16;
        const std::int64_t length = end > onset ? end - onset : shortest;
        const auto moved = [&](Ticks from, std::int64_t to) {
            return std::abs(static_cast<double>(to) / static_cast<double>(kUnits) -
                            static_cast<double>(from.value) / static_cast<double>(per_quarter_));
        };
        const double distance =
            std::max(moved(note.onset, onset), is_drum ? 0 : moved(note.end(), onset + length));
        if (distance > 1e-6) ++result_.notes_moved;
        result_.largest_move_quarters = std::max(result_.largest_move_quarters, distance);
        note.onset = Ticks(onset);
        note.duration = Ticks(length);
    }

    const score::Score& score_;
    std::int64_t per_quarter_;
    std::vector<PlacedBar> bars_;
    std::vector<std::pair<std::size_t, std::int64_t>> grids_;  // beats in triplets: bar, quarter
    Quantised result_;
};

}  // namespace

std::string Quantised::summary() const {
    return fmt::format("{} of {} notes moved to {}, by at most {:.3f} quarters", notes_moved,
                       score.note_count(),
                       is_performed ? "16ths or eighth triplets" : "32nds or 16th triplets",
                       largest_move_quarters);
}

Quantised quantised_for_notation(const score::Score& score) { return Quantiser(score).run(); }

}  // namespace symphony::io::musicxml
