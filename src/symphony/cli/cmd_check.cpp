// symphony check: how well music files are formed, what was repaired, what was refused and why.
#include "symphony/cli/diagnostics_json.h"
#include "symphony/cli/verb.h"
#include "symphony/corpus/bar_repair.h"
#include "symphony/io/file_check.h"

#include <fmt/format.h>

#include <filesystem>

namespace symphony::cli {
namespace {

using io::FileCheck;
using io::FolderCheck;

base::Json to_json(const FileCheck& file) {
    base::Json json{{"path", file.path.string()}, {"grade", file.grade_name()}};
    if (file.refusal) json["error"] = refusal_json(*file.refusal, file.path.string());
    json.update({{"notes", file.notes},
                 {"parts", file.parts},
                 {"bars", file.bars},
                 {"seconds", file.seconds},
                 {"bytes", file.bytes},
                 {"milliseconds", file.milliseconds}});
    json["diagnostics"] = diagnostics_json(file.diagnostics);
    return json;
}

base::Json to_json(const FolderCheck& folder) {
    base::Json json{{"found", folder.files.size()},
                    {"usable", folder.usable()},
                    {"grades", folder.count_grades()},
                    {"other_files", folder.other_files},
                    {"notes", folder.notes()},
                    {"diagnostics", folder.count_diagnostics()},
                    {"unreadable_folders", base::Json::array()},
                    {"files", base::Json::array()}};
    for (const auto& path : folder.unreadable_folders)
        json["unreadable_folders"].push_back(path.string());
    for (const FileCheck& file : folder.files) json["files"].push_back(to_json(file));
    return json;
}

std::string summary(const FileCheck& file) {
    return fmt::format(
        "{}: {}, {} notes in {} parts, {} bars, {:.0f} s of music, read in {:.1f} ms{}",
        file.path.string(), file.grade_name(), file.notes, file.parts, file.bars, file.seconds,
        file.milliseconds,
        file.grade == io::Grade::kSalvaged ? " (learning leaves it out unless it is repaired)"
                                           : "");
}

class Check : public Verb {
  public:
    void describe(base::OptionTable& table) override {
        auto& path = table.add("path", path_, "a music file, or a folder of them");
        path.positional = path.required = true;
        path.value_name = "FILE|DIR";
        table.add(
            "strictness", strictness_,
            "strict refuses what the standard forbids, repair mends it (as explore and prepare "
            "do), salvage also reads what is left of wrecks",
            {"strict", "repair", "salvage"});
        table.add("all", all_, "with a folder, list the clean files too");
    }

    int run(const Context& context) override {
        io::ReadOptions options;
        options.strictness = strictness_ == "strict"   ? io::Strictness::kStrict
                             : strictness_ == "repair" ? io::Strictness::kRepair
                                                       : io::Strictness::kSalvage;
        std::error_code unknown;  // a link that leads nowhere is no folder
        return std::filesystem::is_directory(path_, unknown) ? check_folder(context, options)
                                                             : check_file(context, options);
    }

  private:
    int check_file(const Context& context, const io::ReadOptions& options) const {
        const FileCheck file = io::check_file(path_, options, corpus::timing_diagnostics);
        if (context.json) {
            context.print_json(to_json(file));
            return file.usable() ? 0 : base::exit_code(base::ErrorKind::kInput);
        }
        if (file.refusal) throw *file.refusal;
        context.print(summary(file));
        for (const io::Diagnostic& diagnostic : file.diagnostics)
            context.print("  " + diagnostic.format());
        if (!file.usable())
            throw base::Error(base::ErrorKind::kInput, "the file holds no notes", path_);
        return 0;
    }

    int check_folder(const Context& context, const io::ReadOptions& options) const {
        const FolderCheck folder = io::check_folder(path_, options, context.threads,
                                                    *context.progress, corpus::timing_diagnostics);
        const bool usable = folder.usable() > 0;
        if (context.json) {
            context.print_json(to_json(folder));
            return usable ? 0 : base::exit_code(base::ErrorKind::kInput);
        }
        for (const FileCheck& file : folder.files) {
            if (file.refusal)
                context.print(
                    fmt::format("{}: refused: {}", file.path.string(), file.refusal->message));
            else if (all_ || file.grade != io::Grade::kClean || !file.usable())
                context.print(summary(file));
        }
        // Well-formed files whose bars or timing are doubtful.
        for (const FileCheck& file : folder.files)
            for (const io::Diagnostic& found : file.diagnostics)
                if (found.code.starts_with("COR"))
                    context.print(fmt::format("{}: {}", file.path.string(), found.format()));
        for (const auto& path : folder.unreadable_folders)
            context.print(fmt::format("{}: folder cannot be read", path.string()));
        for (const auto& [code, files] : folder.count_diagnostics())
            context.print(fmt::format("{:6} files: {}", files, code));
        std::string account;
        for (const auto& [grade, files] : folder.count_grades())
            account += fmt::format("{}{} {}", account.empty() ? "" : " + ", files, grade);
        context.print(fmt::format("{} music files = {}; {} with notes ({} in all); {} other files",
                                  folder.files.size(), account.empty() ? "none" : account,
                                  folder.usable(), folder.notes(), folder.other_files));
        if (!usable)
            throw base::Error(
                base::ErrorKind::kInput, "no file of this folder holds notes", path_,
                "MIDI (.mid), MusicXML (.musicxml, .mxl) and ABC (.abc) files are read");
        return 0;
    }

    std::string path_;
    std::string strictness_ = "salvage";
    bool all_ = false;
};

}  // namespace

VerbEntry check_verb() {
    return {"check",
            "how well music files are formed, and what was repaired",
            {"symphony check song.mid", "symphony check music/ --json",
             "symphony check old.mid --strictness strict"},
            [] { return std::make_unique<Check>(); }};
}

}  // namespace symphony::cli
