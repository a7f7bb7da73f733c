#include "symphony/bench/training_peers.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/stop_signal.h"
#include "symphony/base/temporary_folder.h"
#include "symphony/bench/peer_script.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

namespace symphony::bench {

namespace {

constexpr const char* kShapeArgument = "SHAPE";
constexpr int kCompileSeconds = 300;  // and starting, and steps before the clock runs
constexpr double kSameSize = 0.01;    // PyTorch's LSTM has a second bias, 0.1 % of its parameters

base::Json shape_json(const training::TrainOptions& options, int vocabulary) {
    base::Json shape{{"model", options.model},
                     {"vocabulary", vocabulary},
                     {"layers", options.layers},
                     {"hidden_size", options.hidden_size},
                     {"embedding_size", options.embedding_size},
                     {"batch_size", options.batch_size},
                     {"sequence_length", options.sequence_length}};
    if (options.model == "transformer") {
        const auto config = training::transformer_config(options, vocabulary, 0);
        shape.update({{"heads", config.heads},
                      {"intermediate_size", config.intermediate_size},
                      {"rope_theta", config.rope_theta},
                      {"epsilon", config.epsilon}});
    }
    return shape;
}

// What gives a program of NumPy or PyTorch its best: threads that wait awake, and an allocator that
// gives no memory back between steps (ours does neither give back nor share the machine).
std::vector<std::string> environment(int threads) {
    return {"/usr/bin/env",
            "-u",
            "OMP_WAIT_POLICY",
            fmt::format("OMP_NUM_THREADS={}", threads),
            fmt::format("OPENBLAS_NUM_THREADS={}", threads),
            fmt::format("MKL_NUM_THREADS={}", threads),
            "MALLOC_MMAP_MAX_=0",
            "MALLOC_TRIM_THRESHOLD_=17179869184",
            "MALLOC_TOP_PAD_=67108864"};
}

struct Round {
    double ours = 0, theirs = 0;
    base::Json told;
};

// What a peer tells of one run; throws Error (kInput) if it fails.
base::Json run(const TrainingPeer& peer, const std::filesystem::path& shape_file,
               std::int64_t parameters, const TrainingPeerPlan& plan) {
    if (peer.seconds_per_step)
        return {{"version", peer.version},
                {"parameters", parameters},
                {"seconds_per_step", peer.seconds_per_step()},
                {"peak_memory_bytes", 0}};
    std::vector<std::string> command = environment(peer.threads);
    command.push_back(plan.python.string());
    command.push_back((plan.sources / peer.script).string());
    for (const std::string& argument : peer.arguments)
        command.push_back(argument == kShapeArgument ? shape_file.string() : argument);
    command.push_back(fmt::format("{}", plan.seconds));
    base::ProcessOptions process;
    process.timeout = std::chrono::seconds(kCompileSeconds + std::lround(plan.seconds) * 2);
    return ask_peer(command, process, peer.script, {},
                    "scripts/torch-venv.sh installs the other programs");
}

void expect_same_size(const TrainingPeer& peer, std::int64_t theirs, std::int64_t ours) {
    if (std::abs(static_cast<double>(theirs - ours)) <= kSameSize * static_cast<double>(ours))
        return;
    throw base::Error(base::ErrorKind::kInput,
                      fmt::format("{} trains {} parameters, Symphony {}: not the same model",
                                  peer.name, theirs, ours),
                      peer.script);
}

// The round of the median ratio.
Round median_round(std::vector<Round> rounds) {
    std::sort(rounds.begin(), rounds.end(),
              [](const Round& a, const Round& b) { return a.theirs * b.ours < b.theirs * a.ours; });
    return rounds[rounds.size() / 2];
}

}  // namespace

std::vector<TrainingPeer> training_peers(const training::TrainOptions& options, int threads) {
    if (threads == 0) threads = base::available_threads();
    std::vector<TrainingPeer> peers;
    if (options.model == "rnn") {
        // Products of 16 rows are small: one thread may be the faster.
        for (int t = 1; t <= threads; t += std::max(1, threads - 1))
            peers.push_back({"NumPy",
                             fmt::format("float32, {} thread{}", t, t == 1 ? "" : "s"),
                             {"train", kShapeArgument},
                             "tools/rnn_numpy.py",
                             t});
        return peers;
    }
    for (const char* precision : {"float32", "bf16"})
        for (const char* mode : {"eager", "compile"})
            peers.push_back({"PyTorch",
                             fmt::format("{} {}", precision, mode),
                             {kShapeArgument, precision, mode},
                             "bench/train/pytorch.py",
                             threads});
    return peers;
}

std::vector<TrainingPeerSpeed> measure_training_peers(const std::vector<TrainingPeer>& peers,
                                                      const training::TrainOptions& options,
                                                      int vocabulary, std::int64_t parameters,
                                                      const std::function<double()>& our_seconds,
                                                      const TrainingPeerPlan& plan,
                                                      base::Progress& progress) {
    const base::TemporaryFolder folder;
    const std::filesystem::path shape_file = folder.path() / "shape.json";
    std::vector<std::vector<Round>> rounds(peers.size());
    std::vector<TrainingPeerSpeed> speeds(peers.size());
    progress.begin("beside other programs, " + options.model,
                   plan.rounds * static_cast<std::int64_t>(peers.size()));
    std::int64_t done = 0;
    for (int r = 0; r < plan.rounds; ++r) {
        for (std::size_t p = 0; p < peers.size(); ++p) {
            const TrainingPeer& peer = peers[p];
            progress.update(done++, peer.name + " " + peer.setting);
            if (!speeds[p].error.empty()) continue;
            base::Json shape = shape_json(options, vocabulary);
            shape["threads"] = peer.threads;
            base::write_file_atomically(shape_file, shape.dump());
            Round round;
            base::throw_if_stop_requested();
            round.ours = our_seconds();
            try {
                round.told = run(peer, shape_file, parameters, plan);
            } catch (const base::Error& error) {
                if (error.kind == base::ErrorKind::kInterrupted) throw;
                speeds[p].error = error.what();
                continue;
            }
            round.theirs = round.told.at("seconds_per_step").get<double>();
            expect_same_size(peer, round.told.at("parameters").get<std::int64_t>(), parameters);
            rounds[p].push_back(std::move(round));
        }
    }
    progress.end();
    for (std::size_t p = 0; p < peers.size(); ++p) {
        TrainingPeerSpeed& speed = speeds[p];
        speed.name = peers[p].name;
        speed.setting = peers[p].setting;
        if (!speed.error.empty()) continue;
        const Round round = median_round(std::move(rounds[p]));
        speed.version = round.told.at("version").get<std::string>();
        speed.parameters = round.told.at("parameters").get<std::int64_t>();
        speed.peak_memory_bytes = round.told.at("peak_memory_bytes").get<std::int64_t>();
        speed.seconds_per_step = round.theirs;
        speed.our_seconds = round.ours;
    }
    std::stable_sort(speeds.begin(), speeds.end(),
                     [](const TrainingPeerSpeed& a, const TrainingPeerSpeed& b) {
                         if (a.error.empty() != b.error.empty()) return a.error.empty();
                         return a.seconds_per_step < b.seconds_per_step;
                     });
    return speeds;
}

base::Json TrainingPeerSpeed::to_json(std::int64_t tokens_per_step) const {
    base::Json json{{"name", name}, {"setting", setting}};
    if (!error.empty()) {
        json["error"] = error;
        return json;
    }
    json.update({{"version", version},
                 {"parameters", parameters},
                 {"tokens_per_second", static_cast<double>(tokens_per_step) / seconds_per_step},
                 {"our_tokens_per_second", static_cast<double>(tokens_per_step) / our_seconds},
                 {"ratio", ratio()},
                 {"peak_memory_bytes", peak_memory_bytes}});
    return json;
}

std::string TrainingPeerSpeed::to_text(std::int64_t tokens_per_step) const {
    if (!error.empty()) return fmt::format("    {} {}: could not ({})", name, setting, error);
    std::string text = fmt::format(
        "    beside {} {}, {}: {:.0f} tokens/s, ours {:.2f} times as fast", name, version, setting,
        static_cast<double>(tokens_per_step) / seconds_per_step, ratio());
    if (peak_memory_bytes > 0)
        text += fmt::format("; its peak memory {:.0f} MiB",
                            static_cast<double>(peak_memory_bytes) / (1 << 20));
    return text;
}

}  // namespace symphony::bench
