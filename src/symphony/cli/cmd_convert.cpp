// symphony convert: a music file of one format written in another.
#include "symphony/base/file.h"
#include "symphony/base/text.h"
#include "symphony/base/two_places.h"
#include "symphony/cli/diagnostics_json.h"
#include "symphony/cli/verb.h"
#include "symphony/io/abc_writer.h"
#include "symphony/io/midi_writer.h"
#include "symphony/io/musicxml_writer.h"

#include <fmt/format.h>

#include <filesystem>

namespace symphony::cli {
namespace {

class Convert : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& path = table.add("file", path_, "a music file: MIDI, MusicXML or ABC");
        path.positional = path.required = true;
        path.value_name = "FILE";
        table
            .add("output", output_,
                 "the file to write; its ending (.mid, .musicxml, .mxl, .abc) says the format")
            .value_name = "OUT";
        table.add("part", part_, "the part that becomes an ABC tune, counted from 1", {1, 65535});
        table.add("play-repeats", play_repeats_, "write repeats out as they are played");
    }

    int run(const Context& context) override {
        if (output_.empty())
            throw base::Error(base::ErrorKind::kUsage, "no file to write the music to", {},
                              "symphony convert song.mid -o song.musicxml");
        base::require_two_places(path_, output_);
        io::ReadOptions options;
        options.expand_repeats = play_repeats_;
        const io::ScoreFile file = io::read_score_file(path_, options).value();
        const std::vector<io::Diagnostic> written = write(file.score);
        const std::size_t notes = file.score.note_count(), notes_written = count_written();
        if (context.json) {
            context.print_json({{"file", path_},
                                {"output", output_},
                                {"notes", notes},
                                {"notes_written", notes_written},
                                {"read", diagnostics_json(file.diagnostics)},
                                {"written", diagnostics_json(written)}});
            return 0;
        }
        for (const io::Diagnostic& diagnostic : written)
            context.progress->note(diagnostic.code + " " + diagnostic.name + ": " +
                                   diagnostic.detail);
        const std::string of =
            notes_written == notes ? std::string() : fmt::format(" of {}", notes);
        context.print(
            fmt::format("{}: {}{} notes written to {}", path_, notes_written, of, output_));
        return 0;
    }

  private:
    std::vector<io::Diagnostic> write(const score::Score& score) const {
        const std::string ending =
            base::to_lower(std::filesystem::path(output_).extension().string());
        if (ending == ".musicxml" || ending == ".xml" || ending == ".mxl")
            return io::write_musicxml_file(output_, score);
        if (ending == ".mid" || ending == ".midi")
            io::write_midi_file(output_, score);
        else if (ending == ".abc")
            io::write_abc_file(output_, score, static_cast<std::size_t>(part_ - 1));
        else
            throw base::Error(base::ErrorKind::kUsage, "no format is known by this ending", output_,
                              "use .mid, .musicxml, .mxl or .abc");
        return {};
    }

    // What the file holds, read back: a format may hold fewer notes than the score (MIDI one of two
    // struck at once, ABC one part).
    std::size_t count_written() const {
        io::ReadOptions options;
        options.max_file_bytes = base::kDefaultMaxFileBytes;  // notation is wordier than MIDI
        return io::read_score_file(output_, options).value().score.note_count();
    }

    std::string path_, output_;
    int part_ = 1;
    bool play_repeats_ = false;
};

}  // namespace

VerbEntry convert_verb() {
    return {"convert",
            "write a music file in another format",
            {"symphony convert song.mid -o song.musicxml", "symphony convert song.mxl -o song.mid",
             "symphony convert tunes.mid -o tune.abc --part 2"},
            [] { return std::make_unique<Convert>(); }};
}

}  // namespace symphony::cli
