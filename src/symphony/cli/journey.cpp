#include "symphony/cli/journey.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/process.h"
#include "symphony/base/sha256.h"
#include "symphony/base/stop_signal.h"
#include "symphony/cli/sibling.h"
#include "symphony/cli/version.h"
#include "symphony/corpus/music_stamp.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <numeric>

namespace symphony::cli {

namespace fs = std::filesystem;
using base::Error;
using base::ErrorKind;
using base::Json;

namespace {

// What a stage's result depends on, as a hash: its arguments, and what all stages depend on.
std::string key_of(const Stage& stage, const std::string& common) {
    return base::sha256_hex(fmt::format("{}\n{}", common, fmt::join(stage.arguments, "\n")));
}

std::string common_of(const JourneyPlan& plan, const Context& context) {
    return fmt::format("{}\n{}\n{}\n{}", version(), context.seed, corpus::music_stamp(plan.music),
                       fmt::join(plan.data, "\n"));
}

bool has_outputs(const Stage& stage) {
    const auto is_there = [](const fs::path& path) {
        std::error_code ignored;
        return path.empty() || fs::exists(path, ignored);
    };
    return is_there(stage.save_output) &&
           std::all_of(stage.outputs.begin(), stage.outputs.end(), is_there);
}

// OUT/.stages.json: title -> key it was done with. A stage counts as done only if all before it do.
class StageRecord {
  public:
    explicit StageRecord(const fs::path& folder) : path_(folder / ".stages.json") {
        auto json = base::read_json_file(path_);
        if (json && json.value().is_object()) done_ = std::move(json).value();
    }

    bool done(const Stage& stage, const std::string& key) const {
        return done_.contains(stage.title) && done_[stage.title] == key && has_outputs(stage);
    }

    // A stage that runs again makes everything after it stale.
    void forget_from(const std::vector<Stage>& stages, std::size_t first) {
        for (std::size_t i = first; i < stages.size(); ++i) done_.erase(stages[i].title);
        base::write_json_file(path_, done_);
    }

    void mark(const Stage& stage, const std::string& key) {
        done_[stage.title] = key;
        base::write_json_file(path_, done_);
    }

  private:
    fs::path path_;
    Json done_ = Json::object();
};

ErrorKind kind_of_exit(int code) {
    for (ErrorKind kind : {ErrorKind::kUsage, ErrorKind::kInput, ErrorKind::kDiverged,
                           ErrorKind::kModel, ErrorKind::kInterrupted})
        if (base::exit_code(kind) == code) return kind;
    return ErrorKind::kInternal;
}

std::string about(double seconds) {
    if (seconds < 90) return fmt::format("about {:.0f} s left", seconds);
    return fmt::format("about {:.0f} min left", seconds / 60);
}

// Runs one stage; its exit code.
int run_stage(const Stage& stage, const Context& context) {
    std::vector<std::string> argv{own_program().string()};
    argv.insert(argv.end(), stage.arguments.begin(), stage.arguments.end());
    argv.insert(argv.end(),
                {"--seed", std::to_string(context.seed), "--threads",
                 std::to_string(context.threads), "--progress", context.progress_style});
    base::ProcessOptions options;
    options.timeout = std::chrono::hours(24 * 30);
    options.inherit_errors = true;
    options.max_output_bytes = std::size_t{256} << 20;
    const base::ProcessResult result = base::run_process(argv, options);
    if (result.exit_code == 0 && !stage.save_output.empty())
        base::write_file_atomically(stage.save_output, result.output);
    return result.exit_code;
}

}  // namespace

void run_journey(const JourneyPlan& plan, const Context& context) {
    const std::string common = common_of(plan, context);
    base::make_folder(plan.folder);
    StageRecord record(plan.folder);
    double left = std::accumulate(
        plan.stages.begin(), plan.stages.end(), 0.0,
        [](double sum, const Stage& stage) { return sum + stage.expected_seconds; });
    for (std::size_t i = 0; i < plan.stages.size(); ++i) {
        const Stage& stage = plan.stages[i];
        const std::string key = key_of(stage, common);
        const std::string place = fmt::format("[{}/{}] {}", i + 1, plan.stages.size(), stage.title);
        base::throw_if_stop_requested();
        if (record.done(stage, key)) {
            context.progress->note(place + ": done before");
            left -= stage.expected_seconds;
            continue;
        }
        record.forget_from(plan.stages, i);
        context.progress->note(fmt::format("{} ({})", place, about(left)));
        const int code = run_stage(stage, context);
        left -= stage.expected_seconds;
        if (code == 0) {
            record.mark(stage, key);
            continue;
        }
        const ErrorKind kind = kind_of_exit(code);
        if (kind == ErrorKind::kInterrupted || base::stop_requested())
            throw Error(ErrorKind::kInterrupted, fmt::format("stopped in: {}", stage.title), {},
                        "the same command goes on from here");
        throw Error(kind, fmt::format("this stage failed: {}", stage.title), {},
                    fmt::format("its own words are above; to see it alone: symphony {}",
                                fmt::join(stage.arguments, " ")));
    }
}

}  // namespace symphony::cli
