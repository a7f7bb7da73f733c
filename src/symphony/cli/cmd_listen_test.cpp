// symphony listen-test A B... -o DIR: a blind listening test; symphony listen-test DIR --ratings
// FILE...: what came of it.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/cli/listening_excerpts.h"
#include "symphony/cli/verb.h"
#include "symphony/io/audio.h"
#include "symphony/view/listening_kit.h"

#include <fmt/format.h>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kKeyFile = "key.json";
constexpr const char* kKitFolder = "kit";

std::string format_result(const evaluate::ListeningResult& result) {
    std::string text =
        fmt::format("Ratings from {} to {} by {} listener{} (95 % interval over excerpts)\n",
                    evaluate::kLowestRating, evaluate::kHighestRating, result.listeners,
                    result.listeners == 1 ? "" : "s");
    for (const evaluate::SetRating& set : result.sets)
        text += set.ratings == 0 ? fmt::format("  {:24} not rated\n", set.set)
                                 : fmt::format(
                                       "  {:24} {:5.2f}  {:5.2f} to {:.2f}   {} ratings "
                                       "of {} excerpts\n",
                                       set.set, set.mean.mean, set.mean.low, set.mean.high,
                                       set.ratings, set.excerpts);
    for (const evaluate::SetDifference& one : result.differences) text += one.sentence() + ".\n";
    text.pop_back();
    return text;
}

class ListenTest : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& sets = table.add("sets", sets_,
                               "folders of music (or files), each a set; with --ratings, the "
                               "folder of the test");
        sets.positional = sets.required = true;
        sets.value_name = "DIR...";
        table.add("output", output_, "folder for the test").value_name = "DIR";
        table.add("ratings", ratings_, "the listeners' files: say what came of it").value_name =
            "FILE...";
        table.group("What is heard");
        table.add("excerpts", options_.excerpts, "excerpts of each set, at most", {1, 1000});
        table.add("bars", options_.bars, "bars of each excerpt, at most", {1, 1000});
        table.add("from", from_, "where a longer piece is cut", {"start", "end"});
        table.add("sound", sound_,
                  "equal: one instrument, velocity and tempo for all, so that only the notes can "
                  "tell; own: as the files say",
                  {"equal", "own"});
    }

    int run(const Context& context) override {
        if (!ratings_.empty()) return analyse(context);
        if (sets_.size() < 2)
            throw base::Error(base::ErrorKind::kUsage, "got one set, expected at least two", {},
                              "to say what came of a test: --ratings FILE...");
        if (!io::can_render_audio())
            throw base::Error(base::ErrorKind::kInput, "there is no synthesiser", {},
                              "apt-get install fluidsynth fluidr3mono-gm-soundfont");
        options_.from_the_end = from_ == "end";
        options_.equal_sound = sound_ == "equal";
        options_.seed = static_cast<std::uint64_t>(context.seed);
        const ListeningExcerpts chosen = choose_excerpts(sets_, options_, *context.progress);
        write_key(chosen.key);
        const fs::path kit = fs::path(output_) / kKitFolder;
        std::vector<view::KitExcerpt> excerpts(chosen.scores.size());
        base::parallel_stage(
            *context.progress, "sound", excerpts.size(), context.threads, [&](std::size_t i) {
                const std::string& id = chosen.key.items[i].id;
                excerpts[i] = {id, view::render_clip(chosen.scores[i], kit / (id + ".wav"))};
            });
        const fs::path page = kit / "index.html";
        base::write_file_atomically(page, view::format_listening_page(chosen.key.kit, excerpts));
        if (context.json)
            context.print_json({{"page", page.string()},
                                {"key", key_path().string()},
                                {"kit", chosen.key.kit},
                                {"excerpts", excerpts.size()}});
        else
            context.print(fmt::format(
                "{}  {} excerpts of {} sets: give this page to the listeners\n{}  which is which: "
                "keep it to yourself",
                page.string(), excerpts.size(), sets_.size(), key_path().string()));
        return 0;
    }

  private:
    fs::path key_path() const { return fs::path(output_) / kKeyFile; }

    // Ratings are worth nothing without their key: another test's is never written over.
    void write_key(const evaluate::ListeningKey& key) const {
        const base::Json json = evaluate::to_json(key);
        if (fs::exists(key_path())) {
            const auto there = base::read_json_file(key_path());
            if (!there || there.value() != json)
                throw base::Error(base::ErrorKind::kUsage, "the folder holds another test", output_,
                                  "choose another folder with -o");
        }
        base::write_json_file(key_path(), json);
    }

    int analyse(const Context& context) const {
        if (sets_.size() != 1)
            throw base::Error(
                base::ErrorKind::kUsage,
                fmt::format("--ratings: got {} folders, expected that of the test", sets_.size()));
        const fs::path path = fs::path(sets_.front()) / kKeyFile;
        const auto key =
            evaluate::listening_key_from_json(base::read_json_file(path).value(), path);
        std::vector<evaluate::Ratings> ratings;
        for (const std::string& file : ratings_)
            ratings.push_back(
                evaluate::ratings_from_json(base::read_json_file(file).value(), key, file));
        const auto result = evaluate::analyse_listening(key, ratings);
        if (context.json)
            context.print_json(evaluate::to_json(result));
        else
            context.print(format_result(result));
        return 0;
    }

    ListeningOptions options_;
    std::vector<std::string> sets_, ratings_;
    std::string output_ = "listening-test", from_ = "start", sound_ = "equal";
};

}  // namespace

VerbEntry listen_test_verb() {
    return {"listen-test",
            "a blind listening test of sets of music, and what came of it",
            {"symphony listen-test takes-of-a takes-of-b real-music -o test",
             "symphony listen-test a b --excerpts 6 --bars 12 --sound own -o test",
             "symphony listen-test test --ratings anna.json ben.json"},
            [] { return std::make_unique<ListenTest>(); }};
}

}  // namespace symphony::cli
