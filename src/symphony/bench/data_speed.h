// How fast music files are read, tokenised and counted, alone and beside other programs on the same
// files in the same run. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/progress.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace symphony::bench {

// A piece of work done file by file, on one core.
enum class DataTask {
    kRead,          // bytes on disk -> score
    kTokeniseTsd,   // bytes on disk -> ids of MidiTok's TSD
    kTokeniseRemi,  // bytes on disk -> ids of MidiTok's REMI
    kMuspyMetrics,  // score in memory -> the metrics of MusPy
    kStatistics,    // score in memory -> all that `explore` counts of a piece
};
const char* task_name(DataTask task);  // "read", "tokenise TSD", ...

// Another program's time for the files that it can do, and ours for the same files.
struct PeerSpeed {
    std::string name, version;
    std::size_t files = 0, failed = 0;  // done, and those that it could not do (neither timed)
    double seconds = 0;                 // of one pass over the files
    double our_seconds = 0;             // the same files
    // Of metrics: files on which all theirs and ours are equal up to rounding; else none is held
    // against ours.
    std::optional<std::size_t> equal_files;
    double ratio() const { return seconds / our_seconds; }  // how many times as fast we are
};

struct TaskSpeed {
    DataTask task = DataTask::kRead;
    double seconds = 0;            // median, one pass over all files, one core
    std::int64_t counted = 0;      // notes read, ids or figures written, or notes counted
    std::vector<PeerSpeed> peers;  // each the round of the median ratio
};

struct DataSpeed {
    std::size_t files = 0;
    std::int64_t bytes = 0, notes = 0;
    std::vector<TaskSpeed> tasks;
    double half_seconds = 0;      // read and counted, every second file, one core,
    double whole_seconds = 0;     // all of them,
    double parallel_seconds = 0;  // and on `threads` threads
    int threads = 1;

    base::Json to_json() const;
    std::string to_text() const;
};

// The other programs: a Python environment that scripts/peers-venv.sh made, and
// bench/data/peers.py.
struct Peers {
    std::filesystem::path python, script;
    double seconds = 20;  // budget of a program's pass; files it does not get to are not compared
    int rounds = 3;       // ours, theirs, ours, theirs, ...; the median ratio counts
};

// Measures on the MIDI files under `music`. `peers` may be null. Throws Error (kInput) if there is
// no MIDI file that can be read, or a peer cannot be run.
DataSpeed measure_data_speed(const std::filesystem::path& music, int threads, const Peers* peers,
                             base::Progress& progress);

}  // namespace symphony::bench
