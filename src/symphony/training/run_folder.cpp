#include "symphony/training/run_folder.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/json_line.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string_view>
#include <tuple>
#include <vector>

namespace symphony::training {
namespace fs = std::filesystem;
namespace {

constexpr const char* kDataFile = "data.json";
constexpr const char* kOptionsFile = "run.toml";
constexpr const char* kStart = "start_sha256";  // in data.json
constexpr const char* kAnotherRun = "choose another folder with -o, or start anew with --force";
// What may change when the same run goes on: none of them changes the numbers of a step. With more
// minutes, a run that ended by the clock has steps left.
constexpr std::array<std::string_view, 5> kFreeOptions = {"threads", "max-minutes", "dry-run",
                                                          "force", "renew"};

base::Json options_to_json(const TrainOptions& options) {
    TrainOptions copy = options;
    base::OptionTable table;
    copy.describe(table);
    return table.to_json();
}

TrainOptions read_options(const fs::path& file) {
    TrainOptions options;
    base::OptionTable table;
    options.describe(table);
    table.from_toml_file(file);
    return options;
}

// What two runs differ in, as the error that says so.
using Difference = std::optional<base::Error>;

Difference difference_in_options(const TrainOptions& wanted, const fs::path& run_toml) {
    const base::Json now = options_to_json(wanted), then = options_to_json(read_options(run_toml));
    for (const auto& [name, value] : now.items()) {
        if (std::find(kFreeOptions.begin(), kFreeOptions.end(), name) != kFreeOptions.end())
            continue;
        if (then[name] != value)
            return base::Error(
                base::ErrorKind::kUsage,
                fmt::format("this run was made with {} = {}, got {} = {}", name,
                            base::json_line(then[name]), name, base::json_line(value)),
                run_toml.parent_path(), kAnotherRun);
    }
    return std::nullopt;
}

// Of the data, and of the weights at the start, which older runs did not record.
Difference difference_in_inputs(const std::string& hash, const std::string& start_hash,
                                const fs::path& data_json) {
    const auto json = base::read_json_file(data_json);
    const auto recorded = [&](const char* key, const std::string& otherwise) {
        return json.ok() ? json.value().value(key, otherwise) : "nothing readable";
    };
    const auto spelled = [](const std::string& text) { return text.empty() ? "none" : text; };
    for (const auto& [what, then, now] :
         {std::tuple("data", recorded("hash", ""), hash),
          std::tuple("weights", recorded(kStart, start_hash), start_hash)})
        if (then != now)
            return base::Error(base::ErrorKind::kUsage,
                               fmt::format("this run was made from {0} {1:.12}, got {0} {2:.12}",
                                           what, spelled(then), spelled(now)),
                               data_json.parent_path(), kAnotherRun);
    return std::nullopt;
}

// What a start that was cut short leaves: no run yet, and nobody's work.
bool is_left_by_a_start(const fs::path& file) {
    const std::string name = file.filename().string();
    return name == kDataFile || name.starts_with(std::string(kDataFile) + ".tmp-") ||
           name.starts_with(std::string(kOptionsFile) + ".tmp-");
}

// A folder without run.toml must hold nobody's work; what a start cut short left is removed.
void require_new(const fs::path& path) {
    std::vector<fs::path> leftovers;
    for (const auto& entry : fs::directory_iterator(path)) {
        if (!is_left_by_a_start(entry.path()))
            throw base::Error(base::ErrorKind::kUsage, "the folder is not empty and holds no run",
                              path, "choose another folder with -o");
        leftovers.push_back(entry.path());
    }
    for (const fs::path& file : leftovers) fs::remove(file);
}

}  // namespace

RunFolder::RunFolder(const fs::path& path, const TrainOptions& options,
                     const std::string& data_hash, const models::BaseModel& start)
    : path_(path), start_(start) {
    std::error_code error;
    fs::create_directories(path, error);
    if (error)
        throw base::Error(base::ErrorKind::kInput,
                          fmt::format("cannot make the run folder: {}", error.message()), path,
                          "check the permissions, or choose another folder with -o");
    lock_fd_ = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock_fd_ >= 0 && ::flock(lock_fd_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(lock_fd_);
        throw base::Error(base::ErrorKind::kUsage, "another process is training in this folder",
                          path, "wait for it, or choose another folder with -o");
    }
    try {
        const fs::path run_toml = path / kOptionsFile;
        const bool is_run = fs::exists(run_toml);
        if (!is_run) {
            require_new(path);
        } else if (options.force) {
            replaced_ = true;
        } else {
            Difference other = difference_in_options(options, run_toml);
            if (!other)
                other = difference_in_inputs(data_hash, start.weights_sha256, path / kDataFile);
            if (other && !options.renew) throw *other;
            const bool lost_model = fs::exists(path / "result.json") && !fs::exists(model());
            replaced_ = options.renew && (other || lost_model);
        }
        if (replaced_) remove_old_run();
        if (!is_run || replaced_)
            base::write_json_file(path / kDataFile,
                                  {{"hash", data_hash}, {kStart, start.weights_sha256}});
        const std::string toml = options_to_toml(options);
        if (!is_run || base::read_file(run_toml).value() != toml)
            base::write_file_atomically(run_toml, toml);
        fs::create_directories(samples());
        fs::create_directories(path / "checkpoint");
    } catch (...) {
        if (lock_fd_ >= 0) ::close(lock_fd_);
        throw;
    }
}

RunFolder::~RunFolder() {
    if (lock_fd_ >= 0) ::close(lock_fd_);
}

void RunFolder::remove_old_run() const {
    // run.toml stays until it is replaced: a removal cut short is still seen as a run.
    for (const char* name :
         {"checkpoint", "model", "model.tmp", "adapter", "adapter.tmp", "samples", "metrics.jsonl",
          "result.json", "test.json", "gradient-flow.json", kDataFile})
        fs::remove_all(path_ / name);
    std::vector<fs::path> event_files;
    for (const auto& entry : fs::directory_iterator(path_))
        if (entry.path().filename().native().starts_with("events.out.tfevents."))
            event_files.push_back(entry.path());
    for (const fs::path& file : event_files) fs::remove(file);
}

void RunFolder::replace_model(const std::function<void(const fs::path&)>& save_weights,
                              const base::Json& tokenizer_json, base::Json provenance) const {
    if (!start_.weights_sha256.empty())
        provenance["tuned_from"] = {{"model", start_.name},
                                    {"weights_sha256", start_.weights_sha256}};
    replace(model(), [&](const fs::path& fresh) {
        save_weights(fresh);
        base::write_json_file(fresh / "tokenizer.json", tokenizer_json);
        base::write_json_file(fresh / "symphony.json", provenance);
    });
}

void RunFolder::replace_adapter(
    const std::function<void(const fs::path&, const models::BaseModel&)>& save) const {
    replace(path_ / "adapter", [&](const fs::path& fresh) { save(fresh, start_); });
}

void RunFolder::replace(const fs::path& place,
                        const std::function<void(const fs::path&)>& write) const {
    fs::path fresh = place;
    fresh += ".tmp";
    fs::remove_all(fresh);
    fs::create_directories(fresh);
    write(fresh);
    // A crash between these two lines loses only this copy: the weights are in checkpoint/best,
    // from which the loop writes it again.
    fs::remove_all(place);
    base::rename_durably(fresh, place);
}

base::Json provenance(const TrainOptions& options, const TrainingData& data,
                      const base::Json& metrics) {
    base::Json json;
    json["format"] = 1;
    json["made_by"] = "symphony " SYMPHONY_VERSION;
    json["data_sha256"] = data.hash;
    json["seed"] = options.seed;
    json["options"] = options_to_json(options);
    json["metrics"] = metrics;
    json["unseen_tokens"] = data.unseen;  // generation never takes them
    if (data.default_tempo_bpm) json["default_tempo"] = *data.default_tempo_bpm;
    return json;
}

std::string options_to_toml(const TrainOptions& options) {
    TrainOptions copy = options;
    base::OptionTable table;
    copy.describe(table);
    std::string toml = "# Options of this run; use them again with --config.\n";
    std::string group;
    for (const base::Option& option : table.options()) {
        if (option.name == "dry-run" || option.name == "force" || option.name == "renew") continue;
        if (option.group != group) toml += fmt::format("\n# {}\n", group = option.group);
        const base::Json value = option.get();
        if (value.is_null()) continue;  // not set, which TOML cannot say
        // JSON's numbers, texts and flags are TOML's too.
        toml += fmt::format("{} = {}\n", option.name, base::json_line(value));
    }
    return toml;
}

}  // namespace symphony::training
