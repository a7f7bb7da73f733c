#include "symphony/cli/bench_other.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/process.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/text.h"

#include <chrono>

namespace symphony::cli {

namespace {

namespace fs = std::filesystem;

// Standard output. What the program says on standard error becomes the error's words.
std::string run(const std::vector<std::string>& command, const fs::path& folder,
                const std::string& what, const std::string& hint) {
    base::ProcessOptions options;
    options.timeout = std::chrono::hours(2);
    options.max_output_bytes = std::size_t{16} << 20;
    options.working_folder = folder;
    const base::ProcessResult result = base::run_process(command, options);
    base::throw_if_stop_requested();
    if (result.exit_code == 0 && !result.timed_out) return result.output;
    const std::string said = base::trim(result.errors.empty() ? result.output : result.errors);
    constexpr std::size_t kMostWords = 600;
    throw base::Error(
        base::ErrorKind::kInput,
        what + ": " +
            (result.timed_out ? "it took too long"
                              : said.substr(said.size() - std::min(said.size(), kMostWords))),
        folder.string(), hint);
}

}  // namespace

fs::path build_revision(const fs::path& sources, const std::string& revision,
                        base::Progress& progress) {
    const std::string commit = base::trim(
        run({"git", "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}"},
            sources, "no such revision: " + revision, "give a commit, a branch or HEAD~1"));
    const fs::path folder = sources / "build" / "compare" / commit.substr(0, 12);
    const fs::path program = folder / "build" / "release" / "bin" / "symphony";
    const fs::path built = folder / "build" / "release" / ".built-to-compare";  // all of it
    if (fs::exists(built)) return program;
    progress.note("building " + revision + " in " + folder.string() + " (some minutes)");
    if (!fs::exists(folder / "CMakeLists.txt")) {
        // A folder that somebody deleted is forgotten first.
        run({"git", "worktree", "prune"}, sources, "git worktree prune failed", "");
        run({"git", "worktree", "add", "--detach", folder.string(), commit}, sources,
            "checking " + revision + " out failed", "");
    }
    run({"cmake", "--preset", "release", "-DSYMPHONY_BUILD_TESTS=OFF"}, folder,
        "configuring " + revision + " failed",
        "it may want other Debian packages than this commit");
    run({"cmake", "--build", "build/release", "-j", std::to_string(base::available_threads()),
         "--target", "programs"},
        folder, "building " + revision + " failed", "");
    base::write_file_atomically(built, commit + "\n");
    return program;
}

base::Json bench_report(const fs::path& program, const std::vector<std::string>& arguments) {
    std::vector<std::string> command = {program.string(), "bench"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.insert(command.end(), {"--json", "--progress", "none"});
    const std::string output = run(command, {}, program.string() + " bench failed",
                                   "both commits must know the options that are given");
    return base::parse_json(output, program.string()).value();
}

}  // namespace symphony::cli
