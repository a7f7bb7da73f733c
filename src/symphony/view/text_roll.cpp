#include "symphony/view/text_roll.h"

#include "symphony/base/text.h"
#include "symphony/score/general_midi.h"
#include "symphony/score/harmony.h"
#include "symphony/score/pitch_name.h"
#include "symphony/score/time_map.h"
#include "symphony/view/html.h"
#include "symphony/view/piano_roll.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <vector>

namespace symphony::view {
namespace {

constexpr int kMargin = 5;  // columns for pitch names

// Terminals must not be steered by a file's text.
std::string printable(std::string_view text) {
    std::string out;
    for (const char c : base::to_utf8(text))
        if (static_cast<unsigned char>(c) >= 32 && c != 127) out += c;
    return out;
}

// ANSI 256-colour number per role, near the palette's.
int ansi(score::Role role) {
    switch (role) {
        case score::Role::kMelody:
            return 166;
        case score::Role::kBass:
            return 32;
        case score::Role::kHarmony:
            return 36;
        case score::Role::kDrums:
            return 132;
        case score::Role::kUnknown:
            break;
    }
    return 245;
}

struct Cell {
    bool sounds = false;
    score::Role role = score::Role::kUnknown;
};

// Melody is drawn over the rest where two roles share a cell.
int precedence(score::Role role) {
    return role == score::Role::kMelody ? 3 : role == score::Role::kBass ? 2 : 1;
}

std::string cell_text(const Cell& upper, const Cell& lower, bool bar_line, bool colors) {
    if (!upper.sounds && !lower.sounds) return bar_line ? "│" : " ";
    const char* shape = upper.sounds && lower.sounds
                            ? (upper.role == lower.role || !colors ? "█" : "▀")
                        : upper.sounds ? "▀"
                                       : "▄";
    if (!colors) return shape;
    const int front = ansi(upper.sounds ? upper.role : lower.role);
    const bool both = upper.sounds && lower.sounds && upper.role != lower.role;
    return both ? fmt::format("\x1b[38;5;{};48;5;{}m{}\x1b[0m", front, ansi(lower.role), shape)
                : fmt::format("\x1b[38;5;{}m{}\x1b[0m", front, shape);
}

}  // namespace

std::string summarise(const score::Score& score) {
    std::string out;
    const std::string title = printable(score.title), composer = printable(score.composer);
    if (!title.empty() || !composer.empty())
        out += title + (title.empty() || composer.empty() ? "" : " — ") + composer + "\n";
    const auto bars = score::bars_of(score);
    std::string facts = describe_signature(score);
    if (score.keys.empty() && score.note_count() > 0)
        facts = score::estimate_key(score).name() + " (estimated)" +
                (facts.empty() ? "" : " · " + facts);
    out += fmt::format("{}{}{}, {}, {}", facts, facts.empty() ? "" : " · ",
                       counted(static_cast<std::int64_t>(bars.size()), "bar"),
                       counted(static_cast<std::int64_t>(score.note_count()), "note"),
                       span_of_time(score::duration_of(score).value));
    for (const score::Part& part : score.parts) {
        if (part.notes.empty()) continue;
        int low = 127, high = 0;
        for (const score::Note& note : part.notes) {
            low = std::min<int>(low, note.pitch);
            high = std::max<int>(high, note.pitch);
        }
        out += fmt::format(
            "\n  {:20} {:8} {:24} {:>7}  {}", printable(part.name), score::role_name(part.role),
            part.is_drums ? "percussion" : std::string(score::program_name(part.program & 127)),
            thousands(static_cast<std::int64_t>(part.notes.size())),
            part.is_drums ? "" : score::pitch_name(low) + " to " + score::pitch_name(high));
    }
    return out;
}

base::Json summary_json(const score::Score& score) {
    const bool key_given = !score.keys.empty();
    base::Json json = {{"title", base::to_utf8(score.title)},
                       {"composer", base::to_utf8(score.composer)},
                       {"key", key_given                ? score.keys[0].key.name()
                               : score.note_count() > 0 ? score::estimate_key(score).name()
                                                        : ""},
                       {"key_given", key_given},
                       {"bars", score::bars_of(score).size()},
                       {"notes", score.note_count()},
                       {"seconds", score::duration_of(score).value},
                       {"parts", base::Json::array()}};
    if (!score.meters.empty())
        json["meter"] = fmt::format("{}/{}", score.meters[0].meter.numerator,
                                    score.meters[0].meter.denominator);
    if (!score.tempos.empty()) json["tempo"] = score.tempos[0].quarters_per_minute;
    for (const score::Part& part : score.parts)
        json["parts"].push_back({{"name", base::to_utf8(part.name)},
                                 {"role", score::role_name(part.role)},
                                 {"program", part.program},
                                 {"drums", part.is_drums},
                                 {"notes", part.notes.size()}});
    return json;
}

std::string format_text_roll(const score::Score& score, const TextRollOptions& options) {
    const auto columns = static_cast<std::size_t>(std::max(options.columns - kMargin, 8));
    const double ticks_per_column = std::max(score.ticks_per_quarter / 4.0, 1.0);
    const auto last_tick =
        static_cast<std::int64_t>(ticks_per_column * static_cast<double>(columns));
    int low = 127, high = 0;
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes)
            if (!part.is_drums && note.onset.value < last_tick) {
                low = std::min<int>(low, note.pitch);
                high = std::max<int>(high, note.pitch);
            }
    if (low > high) return {};
    low -= low % 2;
    const int semitones_per_half =
        std::max(1, (high - low + 2 * options.max_rows) / (2 * options.max_rows));
    const int halves = (high - low) / semitones_per_half + 1;
    const int rows = (halves + 1) / 2;

    std::vector<std::vector<Cell>> grid(static_cast<std::size_t>(2 * rows),
                                        std::vector<Cell>(columns));
    for (const score::Part& part : score.parts) {
        if (part.is_drums) continue;
        for (const score::Note& note : part.notes) {
            const score::Role role = note.role == score::Role::kUnknown ? part.role : note.role;
            const auto from = static_cast<std::size_t>(
                static_cast<double>(note.onset.value) / ticks_per_column + 0.5);
            const auto to = static_cast<std::size_t>(
                static_cast<double>(note.end().value) / ticks_per_column + 0.5);
            auto& line = grid[static_cast<std::size_t>((note.pitch - low) / semitones_per_half)];
            // The last column of a longer note stays empty, so that repeated notes are seen as two.
            const std::size_t end = to > from + 2 ? to - 1 : std::max(to, from + 1);
            for (std::size_t c = from; c < std::min(end, columns); ++c)
                if (!line[c].sounds || precedence(role) > precedence(line[c].role))
                    line[c] = {true, role};
        }
    }
    std::vector<bool> bar_lines(columns);
    for (const score::Bar& bar : score::bars_of(score)) {
        const double column = static_cast<double>(bar.onset.value) / ticks_per_column;
        if (column < static_cast<double>(columns))
            bar_lines[static_cast<std::size_t>(column)] = true;
    }
    std::string out;
    for (int row = rows - 1; row >= 0; --row) {
        const int first = low + 2 * row * semitones_per_half;
        std::string name;
        for (int pitch = first; pitch < first + 2 * semitones_per_half; ++pitch)
            if (pitch % 12 == 0) name = score::pitch_name(pitch);
        out += fmt::format("{:>{}} ", name, kMargin - 1);
        std::string line;
        for (std::size_t c = 0; c < columns; ++c)
            line +=
                cell_text(grid[static_cast<std::size_t>(2 * row + 1)][c],
                          grid[static_cast<std::size_t>(2 * row)][c], bar_lines[c], options.colors);
        while (line.ends_with(' ')) line.pop_back();
        out += line + "\n";
    }
    if (!out.empty()) out.pop_back();
    return out;
}

}  // namespace symphony::view
