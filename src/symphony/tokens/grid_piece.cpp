#include "symphony/tokens/grid_piece.h"

#include "symphony/score/harmony.h"
#include "symphony/score/part_figures.h"
#include "symphony/score/transform.h"

#include <algorithm>
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

void add_notes(GridPiece& piece, const score::Score& score, bool merge_parts) {
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
            onsets_rounded += on_grid.onset * scale != note.onset.value * piece.steps_per_quarter;
            lengths_rounded += (on_grid.end - on_grid.onset) * scale !=
                               note.duration.value * piece.steps_per_quarter;
            piece.notes.push_back(on_grid);
        }
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

GridPiece grid_piece(const score::Score& score, int steps_per_quarter, bool merge_parts) {
    GridPiece piece;
    piece.steps_per_quarter = steps_per_quarter;
    add_notes(piece, score, merge_parts);
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
    for (const score::PhraseMark& mark : score.phrases)
        if (const std::int64_t at = rounded(mark.onset); at < end) piece.phrases.push_back(at);
    std::sort(piece.phrases.begin(), piece.phrases.end());
    piece.phrases.erase(std::unique(piece.phrases.begin(), piece.phrases.end()),
                        piece.phrases.end());
    return piece;
}

score::Score to_score(const GridPiece& piece) {
    score::Score score;
    score.ticks_per_quarter = piece.steps_per_quarter;
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
    for (const GridNote& note : piece.notes) {
        score::Part& part = score.parts[static_cast<std::size_t>(note.part)];
        part.notes.push_back({.onset = score::Ticks(note.onset),
                              .duration = score::Ticks(note.end - note.onset),
                              .pitch = static_cast<std::uint8_t>(note.pitch),
                              .velocity = static_cast<std::uint8_t>(note.velocity),
                              .role = part.is_drums ? score::Role::kDrums : score::Role::kUnknown});
    }
    for (const GridBar& bar : piece.bars) {
        score.bars.push_back({score::Ticks(bar.onset), score::Ticks(bar.length), bar.meter});
        if (score.meters.empty() || score.meters.back().meter != bar.meter)
            score.meters.push_back({score::Ticks(bar.onset), bar.meter});
    }
    if (score.meters.empty()) score.meters.push_back({score::Ticks(0), piece.opening_meter});
    for (const auto& change : piece.keys)
        score.keys.push_back({score::Ticks(change.onset), change.value});
    for (const auto& change : piece.tempos)
        score.tempos.push_back({score::Ticks(change.onset), change.value});
    for (const std::int64_t at : piece.phrases) score.phrases.push_back({score::Ticks(at)});
    score::sort_events(score);
    return score;
}

}  // namespace symphony::tokens
