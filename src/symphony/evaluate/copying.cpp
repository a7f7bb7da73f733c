#include "symphony/evaluate/copying.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/base/quantile.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::evaluate {
namespace {

using corpus::CopyIndex;
using corpus::CopySense;
using corpus::NoteLines;

const std::vector<CopySense> kAllSenses = {CopySense::kExact, CopySense::kTransposed,
                                           CopySense::kPitches, CopySense::kTransposedPitches};

CopyIndex index_of_training(const corpus::Dataset& dataset, const tokens::Tokenizer& tokenizer,
                            int threads, base::Progress& progress) {
    auto sources =
        corpus::copy_sources(dataset, corpus::Split::kTrain, tokenizer, threads, progress);
    if (sources.empty())
        throw base::Error(base::ErrorKind::kInput, "there are no training pieces",
                          dataset.folder());
    return {std::move(sources), kAllSenses, threads, progress};
}

// Bars [0, bars), [bars, 2 bars), ...; what is left over is no excerpt.
std::vector<BarRange> excerpts_of(const NoteLines& piece, std::size_t bars) {
    std::vector<BarRange> ranges;
    for (std::size_t first = 0; first + bars < piece.bars.size(); first += bars)
        ranges.push_back({first, first + bars});
    return ranges;
}

Standing standing(double value, const std::vector<double>& sorted) {
    const auto [low, high] = std::equal_range(sorted.begin(), sorted.end(), value);
    const auto below = static_cast<double>(low - sorted.begin()),
               equal = static_cast<double>(high - low);
    return {value, base::quantile(sorted, 0.5),
            100 * (below + equal / 2) / static_cast<double>(sorted.size())};
}

CopyPlace place_of(const CopyIndex& index, const NoteLines& piece, const corpus::CopyMatch& match,
                   CopySense sense) {
    const corpus::NoteLine& line = piece.lines[match.line];
    const auto begin = line.notes[match.first].onset,
               end = line.notes[match.first + match.notes - 1].onset;
    const corpus::CopyOrigin origin = index.origin(piece, match, sense);
    const NoteLines& source = index.piece_lines(origin.piece);
    const double time = static_cast<double>((end - begin).value),
                 source_time = static_cast<double>((origin.end - origin.begin).value);
    return {.part = piece.part_names[line.part],
            .bars = bars_between(piece, begin, end),
            .source = index.piece_id(origin.piece),
            .source_part = source.part_names[origin.part],
            .source_bars = bars_between(source, origin.begin, origin.end),
            .transposition = origin.transposition,
            .speed = time > 0 && source_time > 0 ? source_time / time : 1,
            .places = origin.places};
}

base::Json to_json(const Standing& standing) {
    return {{"value", standing.value},
            {"held_out_median", standing.held_out_median},
            {"percentile", standing.percentile}};
}

// First and last, from 1.
base::Json to_json(BarRange range) { return base::Json{range.first + 1, range.last}; }
BarRange bar_range_from_json(const base::Json& json) {
    return {json.at(0).get<std::size_t>() - 1, json.at(1).get<std::size_t>()};
}

}  // namespace

CopyingJudge::CopyingJudge(const corpus::Dataset& dataset, const tokens::Tokenizer& tokenizer,
                           std::size_t least_notes, int threads, base::Progress& progress)
    : tokenizer_(tokenizer),
      least_notes_(least_notes),
      index_(index_of_training(dataset, tokenizer, threads, progress)) {
    for (const corpus::Split split : {corpus::Split::kValid, corpus::Split::kTest})
        for (auto& source : corpus::copy_sources(dataset, split, tokenizer, threads, progress))
            held_out_.push_back({std::move(source.lines), {}});
    if (held_out_.empty())
        throw base::Error(base::ErrorKind::kInput, "there are no held-out pieces to compare with",
                          dataset.folder(), "prepare again with a share for valid or test");
    base::parallel_stage(
        progress, "search held-out pieces", held_out_.size(), threads, [&](std::size_t i) {
            HeldOut& piece = held_out_[i];
            for (const CopySense sense : kAllSenses)
                piece.longest[static_cast<std::size_t>(sense)] = index_.longest(piece.lines, sense);
        });
}

const CopyingJudge::Bands& CopyingJudge::bands(std::size_t bars) {
    const auto [found, is_new] = bands_.try_emplace(bars);
    if (!is_new) return found->second;
    // A piece that is longer than every held-out one is held against these as they are.
    const bool any = std::any_of(held_out_.begin(), held_out_.end(), [&](const HeldOut& piece) {
        return !excerpts_of(piece.lines, bars).empty();
    });
    for (std::size_t s = 0; s < kAllSenses.size(); ++s) {
        Band& band = found->second[s];
        for (const HeldOut& piece : held_out_)
            for (const BarRange range :
                 excerpts_of(piece.lines, any ? bars : piece.lines.bars.size() - 1)) {
                const CopyFigures figures =
                    copy_figures(piece.lines, piece.longest[s], range, least_notes_);
                if (figures.notes == 0) continue;
                band.longest_notes.push_back(static_cast<double>(figures.longest.notes));
                band.longest_bars.push_back(figures.longest_bars);
                band.share.push_back(figures.share());
            }
        for (auto* values : {&band.longest_notes, &band.longest_bars, &band.share})
            std::sort(values->begin(), values->end());
    }
    return found->second;
}

PieceCopying CopyingJudge::judge(const std::string& name, const score::Score& score) {
    const NoteLines lines = corpus::note_lines_of(corpus::as_held(tokenizer_, score));
    PieceCopying result{.name = name, .notes = lines.notes};
    if (lines.notes == 0) return result;
    result.bars = lines.bars.size() - 1;
    const std::size_t given = corpus::note_lines_of(score).notes;
    result.notes_left_out = given - std::min(given, lines.notes);
    const Bands& beside = bands(result.bars);
    result.excerpts = beside[0].share.size();
    for (const CopySense sense : kAllSenses) {
        const auto s = static_cast<std::size_t>(sense);
        const CopyFigures figures =
            copy_figures(lines, index_.longest(lines, sense), {0, result.bars}, least_notes_);
        SenseCopying& one = result.senses[s];
        one.sense = sense;
        one.longest_notes =
            standing(static_cast<double>(figures.longest.notes), beside[s].longest_notes);
        one.longest_bars = standing(figures.longest_bars, beside[s].longest_bars);
        one.share = standing(figures.share(), beside[s].share);
        if (figures.longest.notes > 0) one.place = place_of(index_, lines, figures.longest, sense);
    }
    return result;
}

base::Json to_json(const CopyPlace& place) {
    return {{"bars", to_json(place.bars)},
            {"part", place.part},
            {"source", place.source},
            {"source_bars", to_json(place.source_bars)},
            {"source_part", place.source_part},
            {"transposition", place.transposition},
            {"speed", place.speed},
            {"places", place.places}};
}

CopyPlace copy_place_from_json(const base::Json& json) {
    return {.part = json.at("part").get<std::string>(),
            .bars = bar_range_from_json(json.at("bars")),
            .source = json.at("source").get<std::string>(),
            .source_part = json.at("source_part").get<std::string>(),
            .source_bars = bar_range_from_json(json.at("source_bars")),
            .transposition = json.at("transposition").get<int>(),
            .speed = json.at("speed").get<double>(),
            .places = json.at("places").get<std::size_t>()};
}

base::Json to_json(const PieceCopying& copying) {
    base::Json json = {{"file", copying.name},
                       {"bars", copying.bars},
                       {"notes", copying.notes},
                       {"notes_left_out", copying.notes_left_out},
                       {"held_out_excerpts", copying.excerpts}};
    for (const SenseCopying& one : copying.senses) {
        base::Json sense = {{"longest_notes", to_json(one.longest_notes)},
                            {"longest_bars", to_json(one.longest_bars)},
                            {"share_of_notes", to_json(one.share)}};
        if (one.place) sense["longest"] = to_json(*one.place);
        json[std::string(corpus::copy_sense_name(one.sense))] = std::move(sense);
    }
    return json;
}

}  // namespace symphony::evaluate
