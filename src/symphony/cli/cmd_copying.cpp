// symphony copying [DATA] FILE|DIR...: how much of music is copied from a data set's training
// pieces, or, by fingerprints, from what a model learned; symphony copying DATA --index FILE makes
// those.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/cli/base_model.h"
#include "symphony/cli/model_prints.h"
#include "symphony/cli/music_files.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/dataset.h"
#include "symphony/evaluate/copying_summary.h"
#include "symphony/evaluate/print_copying.h"
#include "symphony/io/score_file.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;
using evaluate::PieceCopying;
using evaluate::PrintCopying;
using evaluate::SenseCopying;

std::string where(const std::optional<evaluate::CopyPlace>& found) {
    if (!found) return "nowhere";
    const evaluate::CopyPlace& place = *found;
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

// "song.mid: 16 bars, 200 notes (3 left out)".
template <class Copying>
std::string size_words(const Copying& piece) {
    return fmt::format(
        "{}: {} bars, {} notes{}", piece.name, piece.bars, piece.notes,
        piece.notes_left_out ? fmt::format(" ({} left out)", piece.notes_left_out) : "");
}

constexpr const char* kNothingToLookFor = ": no notes to look for (drums are not compared)\n";

std::string format_rows(const PieceCopying& piece, std::size_t least_notes) {
    if (piece.notes == 0) return piece.name + kNothingToLookFor;
    std::string text = fmt::format(
        "{}, beside {} held-out excerpts\n"
        "  {:20}  {:>5} {:>5}  {:>6} {:>5}  {:>9} {:>5}   the longest\n",
        size_words(piece), piece.excerpts, "", "notes", "pctl", "bars", "pctl",
        fmt::format("in {}+", least_notes), "pctl");
    for (const SenseCopying& one : piece.senses)
        text += fmt::format("  {:20}  {:5.0f} {:5.0f}  {:6.2f} {:5.0f}  {:7.1f} % {:5.0f}   {}\n",
                            corpus::copy_sense_name(one.sense), one.longest_notes.value,
                            one.longest_notes.percentile, one.longest_bars.value,
                            one.longest_bars.percentile, 100 * one.share.value,
                            one.share.percentile, where(one.place));
    return text;
}

std::string format_rows(const PrintCopying& piece, std::size_t least_notes,
                        const corpus::PrintShape& shape) {
    if (piece.notes == 0) return piece.name + kNothingToLookFor;
    if (piece.longest_notes == 0)
        return fmt::format("{}\n  no match of {} notes or more\n", size_words(piece),
                           shape.sure_notes());
    return fmt::format("{}\n  the longest: {} notes, {}; in {}+: {:.1f} % of the notes\n",
                       size_words(piece), piece.longest_notes, where(piece.place), least_notes,
                       100 * piece.share);
}

// A folder that `prepare` wrote.
bool is_dataset(const fs::path& place) { return fs::exists(place / "dataset.json"); }

class Copying : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& music = table.add("music", music_,
                                "music files, or folders of them: takes, say; first the data set "
                                "whose training pieces are searched, or none");
        music.positional = music.required = true;
        music.value_name = "[DATA] FILE|DIR...";
        table
            .add("model", model_,
                 "without DATA: search by the fingerprints that come with this model; else with "
                 "Symphony's own")
            .value_name = "MODEL";
        table
            .add("index", index_,
                 "write fingerprints of DATA's training pieces instead, to give away with a model")
            .value_name = "FILE";
        table.add("least-notes", least_notes_,
                  "notes that a match must have to count for the share and the bars", {2, 1000});
    }

    int run(const Context& context) override {
        if (is_dataset(music_.front())) {
            data_ = music_.front();
            music_.erase(music_.begin());
        }
        const char* both = "got a data set and --model, expected one of them";
        if (!data_.empty() && !model_.empty()) throw base::Error(base::ErrorKind::kUsage, both);
        if (!index_.empty()) {
            make_index(context);
            return 0;
        }
        if (music_.empty())
            throw base::Error(base::ErrorKind::kUsage, "no music was named beside the data set", {},
                              "symphony copying data takes");
        if (data_.empty())
            search_by_prints(context);
        else
            search_data(context);
        return 0;
    }

  private:
    void make_index(const Context& context) const {
        if (data_.empty() || !music_.empty())
            throw base::Error(base::ErrorKind::kUsage, "--index takes a data set and no music", {},
                              "symphony copying data --index fingerprints.bin");
        const corpus::Dataset dataset = corpus::Dataset::open(data_);
        const corpus::CopyPrints prints = prints_of(dataset, *open_tokenizer(dataset), context);
        const std::string bytes = prints.to_bytes();
        base::write_file_atomically(index_, bytes);
        if (context.json)
            return context.print_json({{"file", index_},
                                       {"bytes", bytes.size()},
                                       {"pieces", prints.pieces().size()},
                                       {"fingerprints", prints.hashes()},
                                       {"places", prints.places()}});
        context.print(fmt::format("{}: {:.1f} MB, {} pieces, {} fingerprints in {} places\n{}",
                                  index_, static_cast<double>(bytes.size()) / 1e6,
                                  prints.pieces().size(), prints.hashes(), prints.places(),
                                  guarantee_words(prints)));
    }

    void search_by_prints(const Context& context) const {
        const fs::path folder = model_.empty() ? base_model() : fs::path(model_);
        if (folder.empty())
            throw base::Error(base::ErrorKind::kUsage, "neither a data set nor a model was named",
                              music_.front(), "symphony copying data takes");
        const MusicModel model = open_music_model(folder);
        const auto prints = open_model_prints(model);
        if (!prints)
            throw base::Error(base::ErrorKind::kUsage, "no fingerprints come with this model",
                              folder,
                              "name the data set that it learned: symphony copying data "
                              "takes");
        const auto results = judge_all<PrintCopying>(
            context, [&](const std::string& name, const score::Score& score) {
                return evaluate::judge_by_prints(*prints, *model.tokenizer, name, score,
                                                 static_cast<std::size_t>(least_notes_));
            });
        if (context.json) {
            const corpus::PrintShape& shape = prints->shape();
            base::Json json = {{"model", folder.string()},
                               {"training_pieces", prints->pieces().size()},
                               {"fingerprint_notes", shape.notes()},
                               {"sure_notes", shape.sure_notes()},
                               {"unseen_notes", shape.unseen_notes()},
                               {"least_notes", least_notes_},
                               {"files", base::Json::array()}};
            for (const PrintCopying& one : results) json["files"].push_back(evaluate::to_json(one));
            return context.print_json(json);
        }
        for (const PrintCopying& one : results)
            context.print(
                format_rows(one, static_cast<std::size_t>(least_notes_), prints->shape()));
        context.print(
            fmt::format("Searched: {} training pieces of {}, in pitch and rhythm, in any "
                        "key, {}.",
                        prints->pieces().size(), model.name, guarantee_words(*prints)));
    }

    void search_data(const Context& context) const {
        const corpus::Dataset dataset = corpus::Dataset::open(data_);
        const auto tokenizer = open_tokenizer(dataset);
        evaluate::CopyingJudge judge(dataset, *tokenizer, static_cast<std::size_t>(least_notes_),
                                     context.threads, *context.progress);
        const auto results = judge_all<PieceCopying>(
            context, [&](const std::string& name, const score::Score& score) {
                return judge.judge(name, score);
            });
        if (context.json)
            context.print_json(to_json(judge, results));
        else
            print(judge, results, context);
    }

    static std::unique_ptr<tokens::Tokenizer> open_tokenizer(const corpus::Dataset& dataset) {
        return tokens::tokenizer_from_json(dataset.tokenizer_json(),
                                           dataset.folder() / "tokenizer.json");
    }

    template <class Result, class Judge>
    std::vector<Result> judge_all(const Context& context, const Judge& judge) const {
        std::vector<fs::path> files;
        for (const std::string& place : music_)
            for (fs::path& file : music_files(place)) files.push_back(std::move(file));
        std::vector<Result> results;
        context.progress->begin("search", static_cast<std::int64_t>(files.size()));
        for (const fs::path& file : files) {
            auto read = io::read_score_file(file);
            if (!read && files.size() > 1)
                context.progress->note("left out: " + read.error().format());
            else
                results.push_back(judge(file.string(), std::move(read).value().score));
            context.progress->update(static_cast<std::int64_t>(results.size()));
        }
        context.progress->end();
        return results;
    }

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

    std::string data_, model_, index_;
    std::vector<std::string> music_;
    int least_notes_ = evaluate::kLeastCopiedNotes;
};

}  // namespace

VerbEntry copying_verb() {
    return {"copying",
            "how much of music is copied from what a model learned",
            {"symphony copying data takes", "symphony copying data song.mid --least-notes 8",
             "symphony copying takes --model models/base",
             "symphony copying data --index fingerprints.bin"},
            [] { return std::make_unique<Copying>(); }};
}

}  // namespace symphony::cli
