// symphony show FILE [FILE]: piano rolls by role, and what the piece is in a few lines.
#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/cli/verb.h"
#include "symphony/io/score_file.h"
#include "symphony/score/roles.h"
#include "symphony/view/piano_roll.h"
#include "symphony/view/text_roll.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace symphony::cli {
namespace {

namespace fs = std::filesystem;

int terminal_columns() {
    winsize size{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
        return std::min<int>(size.ws_col, 200);
    return 100;
}

class Show : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& files = table.add("files", files_, "one or two MIDI, MusicXML or ABC files");
        files.positional = files.required = true;
        files.value_name = "FILE";
        table
            .add("output", output_,
                 "the roll's SVG file; default: beside the first file's name, here")
            .value_name = "FILE.svg";
        table.add("bars", bars_, "show at most so many bars, 0: all", {0, 1e6});
        table.add("first-bar", first_bar_, "begin with this bar, 1: the first", {1, 1e6});
    }

    int run(const Context& context) override {
        if (files_.size() > 2)
            throw base::Error(
                base::ErrorKind::kUsage,
                fmt::format("too many files, got {}, expected one or two", files_.size()));
        std::vector<score::Score> scores;
        for (const std::string& file : files_) {
            auto read = io::read_score_file(file, {.expand_repeats = true}).value();
            for (const io::Diagnostic& diagnostic : read.diagnostics)
                context.progress->note(file + ": " + diagnostic.format());
            scores.push_back(std::move(read.score));
            score::assign_roles(scores.back());
        }
        std::vector<view::RollPanel> panels;
        for (std::size_t i = 0; i < scores.size(); ++i) {
            view::RollOptions options{.first_bar = first_bar_ - 1, .bars = bars_};
            if (scores[i].title.empty()) options.title = fs::path(files_[i]).filename().string();
            panels.push_back({&scores[i], options});
        }
        const fs::path path =
            output_.empty() ? fs::path(files_[0]).stem().concat(".svg") : fs::path(output_);
        if (path.extension() != ".svg")
            throw base::Error(base::ErrorKind::kUsage, "a roll is written as .svg", path.string());
        base::write_file_atomically(path, view::format_piano_rolls(panels));
        print(context, scores, path);
        return 0;
    }

  private:
    void print(const Context& context, const std::vector<score::Score>& scores,
               const fs::path& path) const {
        if (context.json) {
            base::Json json = {{"roll", path.string()}, {"pieces", base::Json::array()}};
            for (std::size_t i = 0; i < scores.size(); ++i) {
                base::Json piece = {{"file", files_[i]}};
                piece.update(view::summary_json(scores[i]));
                json["pieces"].push_back(piece);
            }
            return context.print_json(json);
        }
        view::TextRollOptions options;
        options.columns = terminal_columns();
        options.colors = ::isatty(STDOUT_FILENO) && !std::getenv("NO_COLOR");
        for (std::size_t i = 0; i < scores.size(); ++i) {
            context.print(files_[i] + "\n" + view::summarise(scores[i]));
            context.print(view::format_text_roll(scores[i], options));
        }
        context.print("roll: " + path.string());
    }

    std::vector<std::string> files_;
    std::string output_;
    int bars_ = 0, first_bar_ = 1;
};

}  // namespace

VerbEntry show_verb() {
    return {"show",
            "piano rolls of a piece, or of two one over the other, coloured by role",
            {"symphony show song.mid", "symphony show prelude.mxl -o prelude.svg --bars 16",
             "symphony show take-1.mid original.mid -o both.svg"},
            [] { return std::make_unique<Show>(); }};
}

}  // namespace symphony::cli
