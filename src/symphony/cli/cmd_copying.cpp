// symphony copying DATA FILE|DIR...: how much of music is copied from a data set's training pieces.
#include "symphony/cli/music_files.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/dataset.h"
#include "symphony/evaluate/copying_summary.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;
using evaluate::PieceCopying;
using evaluate::SenseCopying;

std::string where(const SenseCopying& one) {
    if (!one.place) return "nowhere";
    const evaluate::CopyPlace& place = *one.place;
    const auto part = [](const std::string& name) { return name.empty() ? "" : " " + name; };
    std::string text =
        fmt::format("{}{} = {} {}{}", place.bars.in_words(), part(place.part), place.source,
                    place.source_bars.in_words(), part(place.source_part));
    if (place.transposition != 0) text += fmt::format(", {:+d} semitones", place.transposition);
    if (place.speed < 0.99 || place.speed > 1.01)
        text += fmt::format(", {:.3g} x as fast", place.speed);
    if (place.places > 1) text += fmt::format(" (and {} more)", place.places - 1);
    return text;
}

std::string format_rows(const PieceCopying& piece, std::size_t least_notes) {
    if (piece.notes == 0) return piece.name + ": no notes to look for (drums are not compared)\n";
    std::string text = fmt::format(
        "{}: {} bars, {} notes{}, beside {} held-out excerpts\n"
        "  {:20}  {:>5} {:>5}  {:>6} {:>5}  {:>9} {:>5}   the longest\n",
        piece.name, piece.bars, piece.notes,
        piece.notes_left_out ? fmt::format(" ({} left out)", piece.notes_left_out) : "",
        piece.excerpts, "", "notes", "pctl", "bars", "pctl", fmt::format("in {}+", least_notes),
        "pctl");
    for (const SenseCopying& one : piece.senses)
        text += fmt::format("  {:20}  {:5.0f} {:5.0f}  {:6.2f} {:5.0f}  {:7.1f} % {:5.0f}   {}\n",
                            corpus::copy_sense_name(one.sense), one.longest_notes.value,
                            one.longest_notes.percentile, one.longest_bars.value,
                            one.longest_bars.percentile, 100 * one.share.value,
                            one.share.percentile, where(one));
    return text;
}

class Copying : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& data = table.add("data", data_, "the data set whose training pieces are searched");
        data.positional = data.required = true;
        data.value_name = "DATA";
        auto& music = table.add("music", music_, "music files, or folders of them: takes, say");
        music.positional = music.required = true;
        music.value_name = "FILE|DIR...";
        table.add("least-notes", least_notes_,
                  "notes that a match must have to count for the share and the bars", {2, 1000});
    }

    int run(const Context& context) override {
        const corpus::Dataset dataset = corpus::Dataset::open(data_);
        const auto tokenizer = tokens::tokenizer_from_json(dataset.tokenizer_json(),
                                                           dataset.folder() / "tokenizer.json");
        std::vector<fs::path> files;
        for (const std::string& place : music_)
            for (fs::path& file : music_files(place)) files.push_back(std::move(file));
        evaluate::CopyingJudge judge(dataset, *tokenizer, static_cast<std::size_t>(least_notes_),
                                     context.threads, *context.progress);
        std::vector<PieceCopying> results;
        context.progress->begin("search", static_cast<std::int64_t>(files.size()));
        for (const fs::path& file : files) {
            auto read = io::read_score_file(file);
            if (!read && files.size() > 1)
                context.progress->note("left out: " + read.error().format());
            else
                results.push_back(judge.judge(file.string(), std::move(read).value().score));
            context.progress->update(static_cast<std::int64_t>(results.size()));
        }
        context.progress->end();
        if (context.json)
            context.print_json(to_json(judge, results));
        else
            print(judge, results, context);
        return 0;
    }

  private:
    base::Json to_json(const evaluate::CopyingJudge& judge,
                       const std::vector<PieceCopying>& results) const {
        base::Json json = {{"data", data_},
                           {"training_pieces", judge.index().pieces()},
                           {"training_notes", judge.index().notes()},
                           {"held_out_pieces", judge.held_out_pieces()},
                           {"least_notes", least_notes_},
                           {"files", base::Json::array()}};
        for (const PieceCopying& one : results) json["files"].push_back(evaluate::to_json(one));
        return json;
    }

    void print(const evaluate::CopyingJudge& judge, const std::vector<PieceCopying>& results,
               const Context& context) const {
        for (const PieceCopying& one : results)
            context.print(format_rows(one, judge.least_notes()));
        const auto unusual = evaluate::summary_of(results).unusual;
        context.print(fmt::format(
            "Searched: {} training pieces, {} notes. pctl: percentile among excerpts of as many "
            "bars of {} held-out pieces.\n{} of {} have a longer match in pitch and rhythm, in any "
            "key, than {:.0f} % of those.",
            judge.index().pieces(), judge.index().notes(), judge.held_out_pieces(), unusual,
            results.size(), evaluate::kUnusualPercentile));
    }

    std::string data_;
    std::vector<std::string> music_;
    int least_notes_ = evaluate::kLeastCopiedNotes;
};

}  // namespace

VerbEntry copying_verb() {
    return {"copying",
            "how much of music is copied from a data set's training pieces",
            {"symphony copying data takes", "symphony copying data song.mid --least-notes 8",
             "symphony copying data runs/lstm/takes/take-1.mid --json"},
            [] { return std::make_unique<Copying>(); }};
}

}  // namespace symphony::cli
