// Other programs on the same music files: bench/data/peers.py, run in a Python environment of its
// own with one thread. Own.
#pragma once

#include "symphony/bench/data_speed.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace symphony::bench {

// A package and what it is asked to do, in peers.py's words.
struct PeerProgram {
    std::string name;  // "symusic"
    std::string task;  // "read", "statistics", or MidiTok's class of a scheme ("TSD")
};

// Those that can do `task`, fastest first.
std::vector<PeerProgram> peers_for(DataTask task);

struct PeerRun {
    std::string version;
    std::vector<std::size_t> done;  // numbers of the files that were done, and timed
    std::size_t failed = 0;
    double seconds = 0;                        // median of up to three passes over them
    std::vector<std::vector<double>> metrics;  // of statistics: theirs of each file, else empty
};

// Throws Error (kInput) with what the program said if it fails.
PeerRun run_peer(const PeerProgram& program, const Peers& peers,
                 const std::vector<std::filesystem::path>& files,
                 const std::filesystem::path& tokenizer_file);

}  // namespace symphony::bench
