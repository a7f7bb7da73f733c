// symphony repair: broken music files made sound on disk.
#include "symphony/cli/diagnostics_json.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/bar_repair.h"
#include "symphony/io/file_repair.h"

#include <fmt/format.h>

#include <filesystem>

namespace symphony::cli {
namespace {

using io::FileRepair;
using io::RepairFate;

base::Json to_json(const FileRepair& file) {
    base::Json json{{"path", file.from.string()}, {"fate", io::repair_fate_name(file.fate)}};
    if (file.refusal)
        json["error"] = refusal_json(*file.refusal, file.from.string());
    else
        json.update({{"output", file.to.string()},
                     {"grade", io::grade_name(file.grade)},
                     {"notes", file.notes},
                     {"notes_written", file.notes_written},
                     {"keeps_all", file.keeps_all}});
    json["diagnostics"] = diagnostics_json(file.diagnostics);
    return json;
}

base::Json to_json(const io::FolderRepair& folder) {
    base::Json json{{"found", folder.files.size()}};
    for (const RepairFate fate :
         {RepairFate::kCopied, RepairFate::kRewritten, RepairFate::kRefused})
        json[std::string(io::repair_fate_name(fate))] = folder.count(fate);
    json["other_files"] = folder.other_files;
    json["unreadable_folders"] = base::Json::array();
    for (const auto& path : folder.unreadable_folders)
        json["unreadable_folders"].push_back(path.string());
    json["files"] = base::Json::array();
    for (const FileRepair& file : folder.files) json["files"].push_back(to_json(file));
    return json;
}

std::string summary(const FileRepair& file) {
    if (file.refusal)
        return fmt::format("{}: refused: {}", file.from.string(), file.refusal->message);
    if (file.fate == RepairFate::kCopied)
        return fmt::format("{}: clean, copied to {}", file.from.string(), file.to.string());
    std::string text =
        fmt::format("{}: {}, {} notes written to {}", file.from.string(),
                    io::grade_name(file.grade), file.notes_written, file.to.string());
    if (file.notes_written < file.notes)
        text += fmt::format(" ({} struck twice at once)", file.notes - file.notes_written);
    if (!file.keeps_all) text += " (written from its notes: other messages are not kept)";
    for (const io::Diagnostic& diagnostic : file.diagnostics) text += "\n  " + diagnostic.format();
    return text;
}

class Repair : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& path = table.add("path", path_, "a music file, or a folder of them");
        path.positional = path.required = true;
        path.value_name = "FILE|DIR";
        table
            .add("output", output_,
                 "where the sound files go: a file for a file, a folder for a folder")
            .value_name = "OUT";
        table.add("strictness", strictness_,
                  "repair refuses wrecks, salvage writes what is left of them",
                  {"repair", "salvage"});
        table.add(
            "bars", bars_,
            "where the music is barred wrongly, mark the upbeat or set the metre (check names "
            "such files); they are written as MIDI");
    }

    int run(const Context& context) override {
        if (output_.empty())
            throw base::Error(base::ErrorKind::kUsage, "no place for the repaired music", {},
                              "symphony repair song.mid -o sound.mid");
        io::ReadOptions options;
        options.strictness =
            strictness_ == "repair" ? io::Strictness::kRepair : io::Strictness::kSalvage;
        std::error_code unknown;  // a link that leads nowhere is no folder
        return std::filesystem::is_directory(path_, unknown) ? repair_folder(context, options)
                                                             : repair_file(context, options);
    }

  private:
    io::Mending mending() const { return bars_ ? io::Mending(corpus::mend_bars) : io::Mending(); }

    int repair_file(const Context& context, const io::ReadOptions& options) const {
        const FileRepair file = io::repair_file(path_, output_, options, mending());
        if (context.json) {
            context.print_json(to_json(file));
            return file.refusal ? base::exit_code(base::ErrorKind::kInput) : 0;
        }
        if (file.refusal) throw *file.refusal;
        context.print(summary(file));
        return 0;
    }

    int repair_folder(const Context& context, const io::ReadOptions& options) const {
        const io::FolderRepair folder = io::repair_folder(path_, output_, options, context.threads,
                                                          *context.progress, mending());
        const bool any = folder.count(RepairFate::kRefused) < folder.files.size();
        if (context.json) {
            context.print_json(to_json(folder));
            return any ? 0 : base::exit_code(base::ErrorKind::kInput);
        }
        for (const FileRepair& file : folder.files)
            if (file.fate != RepairFate::kCopied) context.print(summary(file));
        for (const auto& path : folder.unreadable_folders)
            context.print(fmt::format("{}: folder cannot be read", path.string()));
        context.print(
            fmt::format("{} music files = {} copied + {} rewritten + {} refused; {} other files",
                        folder.files.size(), folder.count(RepairFate::kCopied),
                        folder.count(RepairFate::kRewritten), folder.count(RepairFate::kRefused),
                        folder.other_files));
        if (!any)
            throw base::Error(
                base::ErrorKind::kInput, "no file of this folder holds notes", path_,
                "MIDI (.mid), MusicXML (.musicxml, .mxl) and ABC (.abc) files are read");
        return 0;
    }

    std::string path_, output_;
    std::string strictness_ = "salvage";
    bool bars_ = false;
};

}  // namespace

VerbEntry repair_verb() {
    return {"repair",
            "write broken music files anew, sound, and say what was wrong",
            {"symphony repair old.mid -o sound.mid", "symphony repair music/ -o sound-music/",
             "symphony repair music/ -o sound-music/ --json",
             "symphony repair waltz.mid -o waltz-barred.mid --bars"},
            [] { return std::make_unique<Repair>(); }};
}

}  // namespace symphony::cli
