#include "symphony/bench/data_peers.h"

#include "symphony/bench/peer_script.h"

#include <fmt/format.h>

#include <chrono>
#include <limits>

namespace symphony::bench {

std::vector<PeerProgram> peers_for(DataTask task) {
    switch (task) {
        case DataTask::kRead:
            return {{"symusic", "read"},
                    {"pretty_midi", "read"},
                    {"muspy", "read"},
                    {"music21", "read"}};
        case DataTask::kTokeniseTsd:
            return {{"miditok", "TSD"}};
        case DataTask::kTokeniseRemi:
            return {{"miditok", "REMI"}};
        case DataTask::kMuspyMetrics:
        case DataTask::kStatistics:
            return {{"muspy", "statistics"}};
    }
    return {};
}

PeerRun run_peer(const PeerProgram& program, const Peers& peers,
                 const std::vector<std::filesystem::path>& files,
                 const std::filesystem::path& tokenizer_file) {
    base::ProcessOptions options;
    // Two budgeted passes, up to two more timed ones of files just done, and the start.
    options.timeout = std::chrono::seconds(static_cast<std::int64_t>(8 * peers.seconds) + 120);
    options.max_output_bytes = std::size_t{64} << 20;
    for (const auto& file : files) options.input += file.string() + "\n";
    // One thread, as ours; and nothing written beside the music.
    const base::Json json =
        ask_peer({"/usr/bin/env", "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1",
                  "RAYON_NUM_THREADS=1", peers.python.string(), peers.script.string(), program.task,
                  program.name, tokenizer_file.string(), fmt::format("{}", peers.seconds)},
                 options, peers.script, fmt::format("{} could not {}", program.name, program.task),
                 "scripts/peers-venv.sh installs the other programs");
    PeerRun run{.version = json.at("version").get<std::string>(),
                .done = json.at("done").get<std::vector<std::size_t>>(),
                .failed = json.at("failed").get<std::size_t>(),
                .seconds = json.at("seconds").get<double>(),
                .metrics = {}};
    if (!json.contains("metrics")) return run;
    for (const base::Json& values : json.at("metrics")) {
        auto& file = run.metrics.emplace_back();
        for (const base::Json& value : values)
            file.push_back(value.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                           : value.get<double>());
    }
    return run;
}

}  // namespace symphony::bench
