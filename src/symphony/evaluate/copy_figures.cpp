#include "symphony/evaluate/copy_figures.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::evaluate {

CopyFigures copy_figures(const corpus::NoteLines& piece,
                         const std::vector<std::vector<std::uint32_t>>& longest, BarRange range,
                         std::size_t least_notes) {
    CopyFigures figures;
    const score::Ticks begin = piece.bars[range.first], end = piece.bars[range.last];
    // Of the piece's notes: 1, one that was looked for; 2, one in a match that counts.
    std::vector<std::uint8_t> state(piece.notes, 0);
    for (std::size_t l = 0; l < piece.lines.size(); ++l) {
        const corpus::Line& notes = piece.lines[l].notes;
        const auto place = [&](score::Ticks at) {
            return static_cast<std::size_t>(
                std::partition_point(notes.begin(), notes.end(),
                                     [&](const corpus::LineNote& n) { return n.onset < at; }) -
                notes.begin());
        };
        const std::size_t last = place(end);
        std::size_t matched_until = 0;
        for (std::size_t i = place(begin); i < last; ++i) {
            const std::size_t length = std::min<std::size_t>(longest[l][i], last - i);
            if (length > 1 && length > figures.longest.notes) figures.longest = {l, i, length};
            if (length >= least_notes) {
                matched_until = std::max(matched_until, i + length);
                figures.longest_bars =
                    std::max(figures.longest_bars, piece.bars_before(notes[i + length - 1].onset) -
                                                       piece.bars_before(notes[i].onset));
            }
            std::uint8_t& one = state[piece.lines[l].numbers[i]];
            one = std::max<std::uint8_t>(one, i < matched_until ? 2 : 1);
        }
    }
    for (const std::uint8_t one : state) {
        figures.notes += one > 0;
        figures.matched_notes += one == 2;
    }
    return figures;
}

std::string BarRange::in_words() const {
    return last - first == 1 ? fmt::format("bar {}", last)
                             : fmt::format("bars {}-{}", first + 1, last);
}

BarRange bars_between(const corpus::NoteLines& piece, score::Ticks begin, score::Ticks end) {
    return {static_cast<std::size_t>(piece.bars_before(begin)),
            static_cast<std::size_t>(piece.bars_before(end)) + 1};
}

}  // namespace symphony::evaluate
