#include "symphony/bench/data_speed.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/rng.h"
#include "symphony/base/temporary_folder.h"
#include "symphony/bench/data_peers.h"
#include "symphony/bench/timing.h"
#include "symphony/corpus/statistics.h"
#include "symphony/io/midi_reader.h"
#include "symphony/io/score_file.h"
#include "symphony/score/harmony.h"
#include "symphony/score/muspy_metrics.h"
#include "symphony/score/roles.h"
#include "symphony/tokens/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <memory>

namespace symphony::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kRuns = 3;
constexpr DataTask kTasks[] = {DataTask::kRead, DataTask::kTokeniseTsd, DataTask::kTokeniseRemi,
                               DataTask::kMuspyMetrics, DataTask::kStatistics};

struct File {
    fs::path path;
    score::Score score;  // with roles
    score::Key key;
};

score::Score read(const fs::path& path) {
    return std::move(io::read_score_file(path).value().score);
}

// The MIDI files that can be read; what is not MIDI is nothing that the peers could do.
std::vector<File> readable_files(const fs::path& music, base::Progress& progress,
                                 std::int64_t& bytes) {
    std::vector<File> files;
    std::vector<fs::path> paths = base::list_files(music);
    // What a slow program gets to should be like the whole.
    base::Rng(/*seed=*/1, "bench-data").shuffle(std::span(paths));
    progress.begin("reading once, so that the files are in memory",
                   static_cast<std::int64_t>(paths.size()));
    std::int64_t done = 0;
    for (const fs::path& path : paths) {
        progress.update(++done);
        if (!io::has_music_ending(path)) continue;
        const auto content = io::read_music_bytes(path, {});
        if (!content || !io::looks_like_midi(content.value())) continue;
        auto file = io::parse_score(content.value(), path.string());
        if (!file || file.value().score.note_count() == 0) continue;
        bytes += static_cast<std::int64_t>(content.value().size());
        files.push_back({.path = path, .score = std::move(file.value().score)});
        score::assign_roles(files.back().score);
        files.back().key = score::estimate_key(files.back().score);
    }
    progress.end();
    if (files.empty())
        throw base::Error(base::ErrorKind::kInput, "no MIDI file that can be read", music.string(),
                          "give a folder of MIDI files");
    return files;
}

corpus::PieceStatistics count(const score::Score& score, score::Key key) {
    return corpus::statistics_of(score, {}, key, /*key_given=*/true);
}

// How many of the files have the metrics that MusPy found.
std::size_t equal_files(const PeerRun& run, const std::vector<File>& files) {
    const auto equal = [](double theirs, double ours) {
        constexpr double kRounding = 1e-9;
        return std::isnan(theirs) ? std::isnan(ours) : std::abs(theirs - ours) <= kRounding;
    };
    std::size_t count = 0;
    for (std::size_t i = 0; i < run.done.size(); ++i) {
        const auto ours = score::muspy_metrics(files[run.done[i]].score);
        const std::vector<double>& theirs = run.metrics.at(i);
        count += std::equal(theirs.begin(), theirs.end(), ours.begin(), ours.end(), equal) ? 1 : 0;
    }
    return count;
}

// One task's work on one file; what it returns is what came out: notes or ids.
class Work {
  public:
    // MidiTok's schemes learn nothing of the example but that there is music.
    Work(DataTask task, const score::Score& example) : task_(task) {
        const char* scheme = task == DataTask::kTokeniseTsd    ? "tsd"
                             : task == DataTask::kTokeniseRemi ? "miditok-remi"
                                                               : nullptr;
        if (scheme) tokenizer_ = tokens::learn_tokenizer({&example, 1}, {.scheme = scheme});
    }

    std::int64_t operator()(const File& file) const {
        switch (task_) {
            case DataTask::kRead:
                return static_cast<std::int64_t>(read(file.path).note_count());
            case DataTask::kTokeniseTsd:
            case DataTask::kTokeniseRemi:
                return static_cast<std::int64_t>(tokenizer_->encode(read(file.path)).ids.size());
            case DataTask::kMuspyMetrics:
                return static_cast<std::int64_t>(score::muspy_metrics(file.score).size());
            case DataTask::kStatistics:
                return count(file.score, file.key).summary.notes;
        }
        return 0;
    }

    const tokens::Tokenizer* tokenizer() const { return tokenizer_.get(); }

  private:
    DataTask task_;
    std::unique_ptr<tokens::Tokenizer> tokenizer_;
};

// Seconds of one pass over the files with these numbers.
double seconds_of(const Work& work, const std::vector<File>& files,
                  const std::vector<std::size_t>& numbers, std::int64_t* counted = nullptr) {
    std::int64_t total = 0;
    const double seconds = median_seconds(kRuns, [&] {
        total = 0;
        for (const std::size_t number : numbers) total += work(files[number]);
    });
    if (counted) *counted = total;
    return seconds;
}

std::vector<std::size_t> every(std::size_t step, std::size_t count) {
    std::vector<std::size_t> numbers;
    for (std::size_t i = 0; i < count; i += step) numbers.push_back(i);
    return numbers;
}

// Ours and theirs in turn; the round of the median ratio.
PeerSpeed beside(const PeerProgram& program, const Work& work, const std::vector<File>& files,
                 const Peers& peers, const fs::path& tokenizer_file, base::Progress& progress) {
    std::vector<fs::path> paths;
    for (const File& file : files) paths.push_back(file.path);
    std::vector<PeerSpeed> rounds;
    for (int i = 0; i < peers.rounds; ++i) {
        progress.note(fmt::format("{} ({}), round {} of {}", program.name, program.task, i + 1,
                                  peers.rounds));
        const PeerRun run = run_peer(program, peers, paths, tokenizer_file);
        rounds.push_back({.name = program.name,
                          .version = run.version,
                          .files = run.done.size(),
                          .failed = run.failed,
                          .seconds = run.seconds,
                          .our_seconds = seconds_of(work, files, run.done),
                          .equal_files = run.metrics.empty()
                                             ? std::nullopt
                                             : std::optional(equal_files(run, files))});
    }
    std::sort(rounds.begin(), rounds.end(),
              [](const PeerSpeed& a, const PeerSpeed& b) { return a.ratio() < b.ratio(); });
    return rounds[rounds.size() / 2];
}

double ingest_seconds(const std::vector<File>& files, std::size_t step, int threads) {
    const std::vector<std::size_t> numbers = every(step, files.size());
    return median_seconds(kRuns, [&] {
        std::atomic<std::int64_t> notes{0};
        base::parallel_for(numbers.size(), threads, [&](std::size_t i) {
            const File& file = files[numbers[i]];
            notes += count(read(file.path), file.key).summary.notes;
        });
    });
}

}  // namespace

const char* task_name(DataTask task) {
    switch (task) {
        case DataTask::kRead:
            return "read";
        case DataTask::kTokeniseTsd:
            return "tokenise TSD";
        case DataTask::kTokeniseRemi:
            return "tokenise REMI";
        case DataTask::kMuspyMetrics:
            return "MusPy's metrics";
        case DataTask::kStatistics:
            return "all statistics";
    }
    return "";
}

DataSpeed measure_data_speed(const fs::path& music, int threads, const Peers* peers,
                             base::Progress& progress) {
    DataSpeed speed;
    const std::vector<File> files = readable_files(music, progress, speed.bytes);
    speed.files = files.size();
    for (const File& file : files)
        speed.notes += static_cast<std::int64_t>(file.score.note_count());
    const std::vector<std::size_t> all = every(1, files.size());
    const base::TemporaryFolder folder;
    for (const DataTask task : kTasks) {
        const Work work(task, files.front().score);
        TaskSpeed& result = speed.tasks.emplace_back(TaskSpeed{.task = task});
        result.seconds = seconds_of(work, files, all, &result.counted);
        const fs::path tokenizer_file = folder.path() / "tokenizer.json";
        if (work.tokenizer()) base::write_json_file(tokenizer_file, work.tokenizer()->to_json());
        if (!peers) continue;
        for (const PeerProgram& program : peers_for(task))
            result.peers.push_back(beside(program, work, files, *peers, tokenizer_file, progress));
    }
    speed.threads = threads > 0 ? threads : base::available_threads();
    speed.half_seconds = ingest_seconds(files, 2, 1);
    speed.whole_seconds = ingest_seconds(files, 1, 1);
    speed.parallel_seconds = ingest_seconds(files, 1, speed.threads);
    return speed;
}

base::Json DataSpeed::to_json() const {
    base::Json tasks_json = base::Json::array();
    for (const TaskSpeed& task : tasks) {
        base::Json peers_json = base::Json::array();
        for (const PeerSpeed& peer : task.peers) {
            peers_json.push_back({{"name", peer.name},
                                  {"version", peer.version},
                                  {"files", peer.files},
                                  {"failed", peer.failed},
                                  {"seconds", peer.seconds},
                                  {"our_seconds", peer.our_seconds},
                                  {"ratio", peer.ratio()}});
            if (peer.equal_files) peers_json.back()["equal_files"] = *peer.equal_files;
        }
        tasks_json.push_back({{"task", task_name(task.task)},
                              {"seconds", task.seconds},
                              {"counted", task.counted},
                              {"peers", std::move(peers_json)}});
    }
    return {{"files", files},
            {"bytes", bytes},
            {"notes", notes},
            {"tasks", std::move(tasks_json)},
            {"ingest",
             {{"half_seconds", half_seconds},
              {"whole_seconds", whole_seconds},
              {"parallel_seconds", parallel_seconds},
              {"threads", threads}}}};
}

std::string DataSpeed::to_text() const {
    std::string text = fmt::format("{} MIDI files, {:.1f} MB, {} notes; one core\n", files,
                                   static_cast<double>(bytes) / 1e6, notes);
    for (const TaskSpeed& task : tasks) {
        text += fmt::format("{:15} {:8.3f} s  {:9.0f} files/s  {:11.0f} notes/s\n",
                            task_name(task.task), task.seconds,
                            static_cast<double>(files) / task.seconds,
                            static_cast<double>(notes) / task.seconds);
        for (const PeerSpeed& peer : task.peers)
            text += fmt::format(
                "    {:7.1f} x {} {}: {:.3f} s where we take {:.3f} s, on {} files{}{}\n",
                peer.ratio(), peer.name, peer.version, peer.seconds, peer.our_seconds, peer.files,
                peer.failed == 0 ? "" : fmt::format(" ({} more it cannot do)", peer.failed),
                peer.equal_files ? fmt::format(", MusPy's metrics equal on {}", *peer.equal_files)
                                 : "");
    }
    text += fmt::format(
        "read and count: every second file {:.3f} s, all {:.3f} s ({:.2f} times), on {} threads "
        "{:.3f} s ({:.2f} times as fast)",
        half_seconds, whole_seconds, whole_seconds / half_seconds, threads, parallel_seconds,
        whole_seconds / parallel_seconds);
    return text;
}

}  // namespace symphony::bench
