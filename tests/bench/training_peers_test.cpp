// Other programs beside ours, played by shell scripts with known times.
#include "symphony/bench/training_peers.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/temporary_folder.h"

#include <gtest/gtest.h>

#include <filesystem>

namespace symphony::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kParameters = 1000;

training::TrainOptions shape(const std::string& model) {
    training::TrainOptions options;
    options.model = model;
    options.threads = 2;
    training::fill_defaults(options);
    return options;
}

// Sources in which every peer is the shell script `body`.
class FakeSources {
  public:
    explicit FakeSources(const std::string& body) {
        for (const char* script : {"bench/train/pytorch.py", "tools/rnn_numpy.py"}) {
            fs::create_directories((folder_.path() / script).parent_path());
            base::write_file_atomically(folder_.path() / script, body);
        }
    }
    TrainingPeerPlan plan() const { return {"/bin/sh", folder_.path(), 3, 0.1}; }

  private:
    base::TemporaryFolder folder_;
};

std::string answer(const std::string& seconds, std::int64_t parameters) {
    return "echo '{\"version\": \"7\", \"parameters\": " + std::to_string(parameters) +
           ", \"seconds_per_step\": '" + seconds + "', \"peak_memory_bytes\": 5}'\n";
}

TEST(TrainingPeers, EverySettingIsRunAndTheFastestComesFirst) {
    // Arguments: SHAPE precision mode seconds.
    const FakeSources sources(
        "test -s \"$1\" || exit 1\ncase $2$3 in bf16compile) s=2;; *) s=8;; "
        "esac\n" +
        answer("$s", kParameters));
    int measured = 0;
    const auto speeds = measure_training_peers(
        training_peers(shape("transformer"), 2), shape("transformer"), 40, kParameters,
        [&] { return ++measured, 4.0; }, sources.plan(), base::silent_progress());
    ASSERT_EQ(speeds.size(), 4u);
    EXPECT_EQ(measured, 3 * 4) << "ours before each of theirs";
    EXPECT_EQ(speeds[0].setting, "bf16 compile");
    EXPECT_EQ(speeds[0].version, "7");
    EXPECT_DOUBLE_EQ(speeds[0].ratio(), 0.5);
    EXPECT_DOUBLE_EQ(speeds[1].ratio(), 2);
    EXPECT_DOUBLE_EQ(speeds[0].to_json(100)["tokens_per_second"].get<double>(), 50);
}

TEST(TrainingPeers, TheMedianRatioOfTheRoundsCounts) {
    const FakeSources sources(answer("6", kParameters));
    int round = 0;
    const auto speeds = measure_training_peers(
        training_peers(shape("rnn"), 2), shape("rnn"), 40, kParameters,
        [&] { return round++ < 2 ? 1.0 : 3.0; }, sources.plan(), base::silent_progress());
    ASSERT_EQ(speeds.size(), 2u) << "NumPy on one thread and on two";
    for (const TrainingPeerSpeed& speed : speeds) EXPECT_DOUBLE_EQ(speed.ratio(), 2);
}

TEST(TrainingPeers, OneThatFailsSaysSoAndTheOthersGoOn) {
    const FakeSources sources(
        "if test $3 = compile; then echo first >&2; echo no compiler >&2; "
        "exit 1; fi\n" +
        answer("1", kParameters));
    const auto speeds = measure_training_peers(
        training_peers(shape("lstm"), 2), shape("lstm"), 40, kParameters, [] { return 1.0; },
        sources.plan(), base::silent_progress());
    ASSERT_EQ(speeds.size(), 4u);
    EXPECT_TRUE(speeds[1].error.empty());
    EXPECT_NE(speeds[2].error.find("no compiler"), std::string::npos);
    EXPECT_NE(speeds[3].to_text(1).find("could not"), std::string::npos);
    EXPECT_TRUE(speeds[3].to_json(1).contains("error"));
}

TEST(TrainingPeers, AnotherLibraryInThisProcess) {
    const FakeSources sources("exit 1\n");
    const TrainingPeer library{.name = "libtorch",
                               .setting = "float32",
                               .seconds_per_step = [] { return 3.0; },
                               .version = "1"};
    const auto speeds = measure_training_peers(
        {library}, shape("lstm"), 40, kParameters, [] { return 1.0; }, sources.plan(),
        base::silent_progress());
    ASSERT_EQ(speeds.size(), 1u);
    EXPECT_DOUBLE_EQ(speeds[0].ratio(), 3);
    EXPECT_EQ(speeds[0].version, "1");
}

TEST(TrainingPeers, AnotherModelIsNotCompared) {
    const FakeSources sources(answer("1", 2 * kParameters));
    EXPECT_THROW(measure_training_peers(
                     training_peers(shape("lstm"), 2), shape("lstm"), 40, kParameters,
                     [] { return 1.0; }, sources.plan(), base::silent_progress()),
                 base::Error);
}

}  // namespace
}  // namespace symphony::bench
