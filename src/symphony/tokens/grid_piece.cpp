#include "symphony/tokens/grid_piece.h"

#include "symphony/score/harmony.h"
#include "symphony/score/part_figures.h"
#include "symphony/score/transform.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace symphony::tokens {
namespace {

// The bars of `score` on the grid: boundaries rounded, so that no gap opens between two bars.
std::vector<GridBar> grid_bars(const score::Score& score, int steps_per_quarter,
                               std::int64_t piece_end, Losses& losses) {
    const auto rounded = [&](score::Ticks at) {
        return score::rescaled(at, score.ticks_per_quarter, steps_per_quarter).value;
    };
    std::vector<GridBar> bars;
    const auto append = [&](std::int64_t end, score::Meter meter) {
        std::int64_t onset = bars.empty() ? 0 : bars.back().onset + bars.back().length;
        if (end - onset > kMaxBarSteps) ++losses["bar-split"];
        for (; onset < end; onset = bars.back().onset + bars.back().length)
            bars.push_back({onset, std::min(end - onset, kMaxBarSteps), meter});
    };
    for (const score::Bar& bar : score::bars_of(score))
        append(rounded(bar.onset + bar.length), bar.meter);
    // A note that was rounded over the last bar line begins a further bar.
    const score::Meter meter = bars.empty() ? score::Meter{} : bars.back().meter;
    do {
        const std::int64_t end = bars.empty() ? 0 : bars.back().onset + bars.back().length;
        if (!bars.empty() && end >= piece_end) break;
        append(end + full_bar_steps(meter, steps_per_quarter), meter);
    } while (true);
    return bars;
}

template <class T>
void append_change(std::vector<GridChange<T>>& changes, std::int64_t onset, T value) {
    if (!changes.empty() && changes.back().onset == onset) changes.pop_back();
    if (changes.empty() || changes.back().value != value) changes.push_back({onset, value});
}

// The classes of the pitched parts, if each plays one note at a time; else none.
std::vector<PartClass> voices_of(const score::Score& score) {
    std::vector<score::Part> voices;
    for (const score::Part& part : score.parts) {
        if (part.is_drums || part.notes.empty()) continue;
        if (!score::is_monophonic(part.notes)) return {};
        voices.push_back({.name = part.name, .program = part.program});
    }
    return part_classes(voices);
}

constexpr int kSustain = 64, kPedalDown = 64, kVolume = 7, kPan = 10, kExpression = 11;
constexpr int kControlStep = 8, kMaxControl = 127;

// The class of a control change that `options` keep, -1 of others.
int control_class(const score::ControlChange& change, const GridOptions& options) {
    if (change.controller == kSustain)
        return !options.pedal ? -1 : change.value >= kPedalDown ? kMaxControl : 0;
    const bool kept =
        options.controls && (change.controller == kVolume || change.controller == kPan ||
                             change.controller == kExpression);
    if (!kept) return -1;
    return std::min(kMaxControl, (change.value + kControlStep / 2) / kControlStep * kControlStep);
}

// The control changes of one part; what says nothing new is left out.
void add_controls(GridPiece& piece, const score::Score& score, const score::Part& part, int index,
                  const GridOptions& options) {
    std::map<int, std::vector<GridControl>> by_controller;
    for (const score::ControlChange& change : part.controls) {
        const int value = control_class(change, options);
        if (value < 0) continue;
        const std::int64_t at =
            score::rescaled(change.onset, score.ticks_per_quarter, piece.steps_per_quarter).value;
        auto& list = by_controller[change.controller];
        if (!list.empty() && list.back().onset == at) {
            // A pedal changed in one instant goes up a step early, or the change would be lost.
            if (change.controller == kSustain && value != 0 && list.back().value == 0 &&
                list.size() > 1 && list[list.size() - 2].onset < at - 1)
                list.back().onset = at - 1;
            else
                list.pop_back();
        }
        if (list.empty() || list.back().value != value)
            list.push_back({at, index, change.controller, value});
    }
    for (const auto& [controller, list] : by_controller)
        piece.controls.insert(piece.controls.end(), list.begin(), list.end());
}

// How far `at` lies behind its step, in parts of a step; exact says whether that is all of it.
int micro_timing_of(score::Ticks at, std::int64_t step, const score::Score& score,
                    const GridOptions& options, bool& exact) {
    const std::int64_t bins = options.micro_timing_bins;
    const std::int64_t fine = at.value * options.steps_per_quarter * bins;
    const std::int64_t places = score::rescaled(at, score.ticks_per_quarter,
                                                static_cast<int>(options.steps_per_quarter * bins))
                                    .value;
    const std::int64_t most = (bins - 1) / 2;
    const std::int64_t offset =
        std::clamp(places - step * bins, step == 0 ? std::int64_t{0} : -most, most);
    exact = (step * bins + offset) * score.ticks_per_quarter == fine;
    return static_cast<int>(offset);
}

void add_notes(GridPiece& piece, const score::Score& score, const GridOptions& options) {
    const bool merge_parts = options.merge_parts;
    const auto rounded = [&](score::Ticks at) {
        return score::rescaled(at, score.ticks_per_quarter, piece.steps_per_quarter).value;
    };
    std::vector<score::Part> kept;
    std::int64_t onsets_rounded = 0, lengths_rounded = 0;
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        const score::Part& part = score.parts[p];
        const auto notes = static_cast<std::int64_t>(part.notes.size());
        piece.source_notes += notes;
        if (notes == 0) {
            ++piece.losses["empty-part-dropped"];
            continue;
        }
        if (merge_parts && part.is_drums) {
            piece.losses["drums-dropped"] += notes;
            continue;
        }
        if (!merge_parts || kept.empty()) {
            kept.emplace_back();
            kept.back().program = part.program;
            if (!merge_parts) {
                kept.back().name = part.name;
                kept.back().is_drums = part.is_drums;
                kept.back().role = part.role;
            }
        }
        for (std::size_t n = 0; n < part.notes.size(); ++n) {
            const score::Note& note = part.notes[n];
            GridNote on_grid{.onset = rounded(note.onset),
                             .end = rounded(note.end()),
                             .part = static_cast<int>(kept.size()) - 1,
                             .pitch = note.pitch,
                             .velocity = note.velocity,
                             .source_part = static_cast<int>(p),
                             .source_note = static_cast<int>(n)};
            on_grid.end = std::max(on_grid.end, on_grid.onset + 1);
            const std::int64_t scale = score.ticks_per_quarter;
            bool exact = on_grid.onset * scale == note.onset.value * piece.steps_per_quarter;
            if (options.micro_timing_bins > 0)
                on_grid.micro_timing =
                    micro_timing_of(note.onset, on_grid.onset, score, options, exact);
            onsets_rounded += !exact;
            lengths_rounded += (on_grid.end - on_grid.onset) * scale !=
                               note.duration.value * piece.steps_per_quarter;
            piece.notes.push_back(on_grid);
        }
        if (!merge_parts)
            add_controls(piece, score, part, static_cast<int>(kept.size()) - 1, options);
    }
    if (onsets_rounded > 0) piece.losses["onset-rounded"] = onsets_rounded;
    if (lengths_rounded > 0) piece.losses["length-rounded"] = lengths_rounded;
    if (merge_parts) piece.merged_voices = voices_of(score);
    const std::vector<PartClass> classes = part_classes(kept);
    for (std::size_t p = 0; p < kept.size(); ++p) piece.parts.push_back({classes[p], kept[p].role});
}

}  // namespace

std::int64_t full_bar_steps(score::Meter meter, int steps_per_quarter) {
    return std::clamp<std::int64_t>(
        std::int64_t{4} * steps_per_quarter * meter.numerator / meter.denominator, 1, kMaxBarSteps);
}

void settle_notes(GridPiece& piece) {
    std::sort(piece.notes.begin(), piece.notes.end(), [](const GridNote& a, const GridNote& b) {
        // Of two notes on one pitch the longer comes first and stays.
        return std::tuple(a.onset, a.part, -a.pitch, -a.end, -a.velocity, a.source_part,
                          a.source_note) < std::tuple(b.onset, b.part, -b.pitch, -b.end,
                                                      -b.velocity, b.source_part, b.source_note);
    });
    const auto same_place = [](const GridNote& a, const GridNote& b) {
        return a.onset == b.onset && a.part == b.part && a.pitch == b.pitch;
    };
    const auto last = std::unique(piece.notes.begin(), piece.notes.end(), same_place);
    if (last != piece.notes.end()) {
        piece.losses["unison-merged"] += piece.notes.end() - last;
        piece.notes.erase(last, piece.notes.end());
    }
    std::vector<std::ptrdiff_t> sounding(piece.parts.size() * score::kPitches, -1);
    for (std::size_t i = 0; i < piece.notes.size(); ++i) {
        const GridNote& note = piece.notes[i];
        auto& before = sounding[static_cast<std::size_t>(note.part * score::kPitches + note.pitch)];
        if (before >= 0 && piece.notes[static_cast<std::size_t>(before)].end > note.onset) {
            piece.notes[static_cast<std::size_t>(before)].end = note.onset;
            ++piece.losses["overlap-cut"];
        }
        before = static_cast<std::ptrdiff_t>(i);
    }
}

GridPiece grid_piece(const score::Score& score, const GridOptions& options) {
    const int steps_per_quarter = options.steps_per_quarter;
    GridPiece piece;
    piece.steps_per_quarter = steps_per_quarter;
    piece.micro_timing_bins = options.micro_timing_bins;
    add_notes(piece, score, options);
    settle_notes(piece);
    std::int64_t end = 0;
    for (const GridNote& note : piece.notes) end = std::max(end, note.end);
    piece.bars = grid_bars(score, steps_per_quarter, end, piece.losses);
    piece.opening_meter = piece.bars.front().meter;
    end = piece.bars.back().onset + piece.bars.back().length;

    const auto rounded = [&](score::Ticks at) {
        return score::rescaled(at, score.ticks_per_quarter, steps_per_quarter).value;
    };
    for (const score::KeyChange& change : score.keys)
        if (const std::int64_t at = rounded(change.onset); at < end || piece.keys.empty())
            append_change(piece.keys, piece.keys.empty() ? 0 : at, change.key);
    if (piece.keys.empty()) piece.keys.push_back({0, score::estimate_key(score)});
    for (const score::TempoChange& change : score.tempos)
        if (const std::int64_t at = rounded(change.onset); at < end)
            append_change(piece.tempos, at, change.quarters_per_minute);
    std::erase_if(piece.controls, [&](const GridControl& c) { return c.onset >= end; });
    std::sort(piece.controls.begin(), piece.controls.end());
    for (const score::PhraseMark& mark : score.phrases)
        if (const std::int64_t at = rounded(mark.onset); at < end) piece.phrases.push_back(at);
    std::sort(piece.phrases.begin(), piece.phrases.end());
    piece.phrases.erase(std::unique(piece.phrases.begin(), piece.phrases.end()),
                        piece.phrases.end());
    return piece;
}

score::Score to_score(const GridPiece& piece) {
    score::Score score;
    const int ticks = std::max(1, piece.micro_timing_bins);  // of a step
    score.ticks_per_quarter = piece.steps_per_quarter * ticks;
    std::vector<PartClass> classes;
    for (const GridPart& part : piece.parts) classes.push_back(part.part_class);
    const std::vector<std::string> names = display_names(classes);
    for (std::size_t p = 0; p < piece.parts.size(); ++p) {
        score::Part part;
        part.name = names[p];
        part.program = static_cast<std::uint8_t>(classes[p].program);
        part.is_drums = classes[p].is_drums;
        part.role = part.is_drums ? score::Role::kDrums : piece.parts[p].role;
        score.parts.push_back(std::move(part));
    }
    // Where a pitch was last struck in a part: one struck early ends it.
    std::vector<std::ptrdiff_t> before(piece.parts.size() * score::kPitches, -1);
    for (const GridNote& note : piece.notes) {
        score::Part& part = score.parts[static_cast<std::size_t>(note.part)];
        const score::Ticks onset(note.onset * ticks + note.micro_timing);
        auto& last = before[static_cast<std::size_t>(note.part * score::kPitches + note.pitch)];
        if (last >= 0)
            if (score::Note& struck = part.notes[static_cast<std::size_t>(last)];
                struck.end() > onset)
                struck.duration = onset - struck.onset;
        last = static_cast<std::ptrdiff_t>(part.notes.size());
        part.notes.push_back({.onset = onset,
                              .duration = score::Ticks(note.end * ticks) - onset,
                              .pitch = static_cast<std::uint8_t>(note.pitch),
                              .velocity = static_cast<std::uint8_t>(note.velocity),
                              .role = part.is_drums ? score::Role::kDrums : score::Role::kUnknown});
    }
    for (const GridControl& control : piece.controls)
        score.parts[static_cast<std::size_t>(control.part)].controls.push_back(
            {score::Ticks(control.onset * ticks), static_cast<std::uint8_t>(control.controller),
             static_cast<std::uint8_t>(control.value)});
    for (const GridBar& bar : piece.bars) {
        score.bars.push_back(
            {score::Ticks(bar.onset * ticks), score::Ticks(bar.length * ticks), bar.meter});
        if (score.meters.empty() || score.meters.back().meter != bar.meter)
            score.meters.push_back({score::Ticks(bar.onset * ticks), bar.meter});
    }
    if (score.meters.empty()) score.meters.push_back({score::Ticks(0), piece.opening_meter});
    for (const auto& change : piece.keys)
        score.keys.push_back({score::Ticks(change.onset * ticks), change.value});
    for (const auto& change : piece.tempos)
        score.tempos.push_back({score::Ticks(change.onset * ticks), change.value});
    for (const std::int64_t at : piece.phrases) score.phrases.push_back({score::Ticks(at * ticks)});
    score::sort_events(score);
    return score;
}

}  // namespace symphony::tokens
