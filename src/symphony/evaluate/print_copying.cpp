#include "symphony/evaluate/print_copying.h"

#include <algorithm>

namespace symphony::evaluate {
namespace {

using corpus::CopyPrints;
using corpus::NoteLines;

CopyPlace place_of(const CopyPrints& prints, const NoteLines& piece,
                   const corpus::CopyMatch& match) {
    const corpus::Line& notes = piece.lines[match.line].notes;
    const score::Ticks begin = notes[match.first].onset,
                       end = notes[match.first + match.notes - 1].onset;
    const auto [source, steps] = prints.where(prints.runs(notes)[match.first].place);
    const corpus::PrintedPiece& printed = prints.pieces()[source];
    NoteLines bars_there;
    for (const std::uint32_t bar : printed.bars) bars_there.bars.push_back(score::Ticks(bar));
    return {.part = piece.part_names[piece.lines[match.line].part],
            .bars = bars_between(piece, begin, end),
            .source = printed.id,
            .source_part = {},
            .source_bars =
                bars_between(bars_there, score::Ticks(steps), score::Ticks(steps) + (end - begin)),
            .places = 1};
}

}  // namespace

std::vector<std::vector<std::uint32_t>> longest_by_prints(const CopyPrints& prints,
                                                          const NoteLines& piece) {
    std::vector<std::vector<std::uint32_t>> all;
    for (const corpus::NoteLine& line : piece.lines) {
        auto& lengths = all.emplace_back();
        std::size_t end = 0;  // of the runs that began so far, the farthest
        for (const corpus::PrintRun& run : prints.runs(line.notes)) {
            const std::size_t note = lengths.size();
            if (run.notes > 0) end = std::max(end, note + run.notes);
            lengths.push_back(static_cast<std::uint32_t>(end > note ? end - note : 1));
        }
    }
    return all;
}

PrintCopying judge_by_prints(const CopyPrints& prints, const tokens::Tokenizer& tokenizer,
                             const std::string& name, const score::Score& score,
                             std::size_t least_notes) {
    const NoteLines lines = corpus::note_lines_of(corpus::as_held(tokenizer, score));
    PrintCopying result{.name = name, .notes = lines.notes};
    if (lines.notes == 0) return result;
    result.bars = lines.bars.size() - 1;
    const std::size_t given = corpus::note_lines_of(score).notes;
    result.notes_left_out = given - std::min(given, lines.notes);
    const CopyFigures figures =
        copy_figures(lines, longest_by_prints(prints, lines), {0, result.bars}, least_notes);
    result.longest_notes = figures.longest.notes;
    result.longest_bars = figures.longest_bars;
    result.share = figures.share();
    if (result.longest_notes > 0) result.place = place_of(prints, lines, figures.longest);
    return result;
}

base::Json to_json(const PrintCopying& copying) {
    base::Json json = {{"file", copying.name},
                       {"bars", copying.bars},
                       {"notes", copying.notes},
                       {"notes_left_out", copying.notes_left_out},
                       {"longest_notes", copying.longest_notes},
                       {"longest_bars", copying.longest_bars},
                       {"share_of_notes", copying.share}};
    if (!copying.place) return json;
    base::Json place = to_json(*copying.place);
    for (const char* unknown : {"source_part", "transposition", "speed", "places"})
        place.erase(unknown);
    json["longest"] = std::move(place);
    return json;
}

}  // namespace symphony::evaluate
