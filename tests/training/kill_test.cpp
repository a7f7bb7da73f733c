// A training run killed with SIGKILL at several moments, and started again each time, ends with the
// bytes of a run that was never stopped.
#include "symphony/base/file.h"
#include "symphony/training/loop.h"
#include "symphony/training/rnn_trainee.h"

#include "temporary_folder.h"
#include "toy_data.h"
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <sstream>

namespace symphony::training {
namespace {

namespace fs = std::filesystem;

TrainOptions small_run() {
    TrainOptions options;
    options.model = "rnn";
    options.hidden_size = 24;
    options.embedding_size = 8;
    options.batch_size = 3;
    options.sequence_length = 9;
    options.accumulate = 2;
    options.max_steps = 300;
    options.evaluate_every = 25;
    options.patience = 0;
    fill_defaults(options);
    return options;
}

void train_into(const fs::path& path) {
    const ToyData toy;
    const TrainOptions options = small_run();
    RnnTrainee trainee(options, toy.data.vocabulary_size, toy.data.end_token);
    const RunFolder folder(path, options, toy.data.hash);
    run_training(trainee, toy.data, options, folder, base::silent_progress());
}

// Trains in a child process; killed once metrics.jsonl has grown to `kill_at_bytes` (0: never).
// True if it ran to its end.
bool train_in_child(const fs::path& path, std::uintmax_t kill_at_bytes) {
    const pid_t child = ::fork();
    if (child == 0) {
        try {
            train_into(path);
        } catch (...) {
            ::_exit(1);
        }
        ::_exit(0);
    }
    int status = 0;
    while (::waitpid(child, &status, WNOHANG) == 0) {
        std::error_code missing;
        const auto size = fs::file_size(path / "metrics.jsonl", missing);
        if (!missing && kill_at_bytes > 0 && size >= kill_at_bytes) ::kill(child, SIGKILL);
        ::usleep(200);
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::string diary_without_clock(const fs::path& path) {
    std::istringstream lines(base::read_file(path / "metrics.jsonl").value());
    std::string text;
    for (std::string line; std::getline(lines, line);) {
        base::Json json = base::parse_json(line).value();
        json.erase("seconds");
        text += json.dump() + "\n";
    }
    return text;
}

TEST(Kill, AKilledRunEndsAsIfItHadNeverStopped) {
    const test_support::TemporaryFolder root;
    const fs::path straight = root.path / "straight", broken = root.path / "broken";
    ASSERT_TRUE(train_in_child(straight, 0));
    const std::uintmax_t size = fs::file_size(straight / "metrics.jsonl");
    int kills = 0;
    for (const double share : {0.02, 0.15, 0.31, 0.47, 0.5, 0.8, 0.97})
        kills +=
            !train_in_child(broken, static_cast<std::uintmax_t>(share * static_cast<double>(size)));
    EXPECT_GE(kills, 4);
    ASSERT_TRUE(train_in_child(broken, 0));
    EXPECT_EQ(diary_without_clock(broken), diary_without_clock(straight));
    for (const char* file :
         {"model/model.safetensors", "checkpoint/last/trainee.safetensors",
          "checkpoint/best/trainee.safetensors", "model/symphony.json", "gradient-flow.json"})
        EXPECT_EQ(base::read_file(broken / file).value(), base::read_file(straight / file).value())
            << file;
}

}  // namespace
}  // namespace symphony::training
