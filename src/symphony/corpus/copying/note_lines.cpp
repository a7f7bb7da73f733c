#include "symphony/corpus/copying/note_lines.h"

#include "symphony/score/transform.h"

#include <algorithm>

namespace symphony::corpus {
namespace {

bool higher_first(const LineNote& a, const LineNote& b) {
    return a.onset != b.onset ? a.onset < b.onset : a.pitch > b.pitch;
}

// `all` are the notes of the line's part, numbered from `first` on.
NoteLine numbered(std::size_t part, Line notes, const Line& all, std::size_t first) {
    NoteLine line{.part = part, .notes = std::move(notes), .numbers = {}};
    for (const LineNote& note : line.notes) {
        const auto place = std::lower_bound(all.begin(), all.end(), note, higher_first);
        line.numbers.push_back(
            static_cast<std::uint32_t>(first + static_cast<std::size_t>(place - all.begin())));
    }
    return line;
}

}  // namespace

double NoteLines::bars_before(score::Ticks at) const {
    if (bars.size() < 2) return 0;
    const auto next = std::upper_bound(bars.begin() + 1, bars.end() - 1, at);
    const auto begin = *(next - 1);
    return static_cast<double>(next - 1 - bars.begin()) +
           static_cast<double>((at - begin).value) / static_cast<double>((*next - begin).value);
}

NoteLines note_lines_of(const score::Score& score) {
    NoteLines out;
    const std::vector<score::Bar> bars = score::bars_of(score);
    for (const score::Bar& bar : bars) out.bars.push_back(bar.onset);
    if (!bars.empty()) out.bars.push_back(bars.back().onset + bars.back().length);
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        const score::Part& part = score.parts[p];
        out.part_names.push_back(part.name);
        if (part.is_drums || part.notes.empty()) continue;
        Line all;
        for (const score::Note& note : part.notes) all.push_back({note.onset, note.pitch});
        std::sort(all.begin(), all.end(), higher_first);
        all.erase(std::unique(all.begin(), all.end()), all.end());
        const std::size_t first = out.notes;
        out.notes += all.size();
        Line top = edge_line(part.notes, Edge::kTop, score::Ticks(0));
        Line bottom = edge_line(part.notes, Edge::kBottom, score::Ticks(0));
        if (bottom != top && bottom != all)
            out.lines.push_back(numbered(p, std::move(bottom), all, first));
        if (top != all) out.lines.push_back(numbered(p, std::move(top), all, first));
        out.lines.push_back(numbered(p, all, all, first));
    }
    return out;
}

score::Score as_held(const tokens::Tokenizer& tokenizer, std::span<const tokens::TokenId> ids) {
    return score::quantised(tokenizer.decode(ids), tokenizer.steps_per_quarter());
}

score::Score as_held(const tokens::Tokenizer& tokenizer, const score::Score& score) {
    return as_held(tokenizer, tokenizer.encode(score).ids);
}

}  // namespace symphony::corpus
