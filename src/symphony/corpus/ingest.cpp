#include "symphony/corpus/ingest.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/sha256.h"
#include "symphony/base/stop_signal.h"
#include "symphony/corpus/piece_id.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <mutex>

namespace symphony::corpus {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

// A batch is written when it holds so much or is so old.
constexpr std::size_t kBatchFiles = 256, kBatchBytes = std::size_t{8} << 20;
constexpr std::chrono::seconds kBatchAge{1};
// A file that changes again within a tick of its file system's clock keeps its times. Linux ticks
// in milliseconds; a time in whole seconds comes from a file system that knows no finer ones.
constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kFineTick = kSecond / 50, kCoarseTick = 2 * kSecond;

std::int64_t nanoseconds(const timespec& time) { return time.tv_sec * kSecond + time.tv_nsec; }

// All zeros if the file is gone.
FileStamp stamp_of(const fs::path& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {};
    return {static_cast<std::int64_t>(status.st_size), nanoseconds(status.st_mtim),
            nanoseconds(status.st_ctim), static_cast<std::int64_t>(status.st_ino)};
}

// The stamp to be remembered of a file about to be read: none that a change right after the reading
// could leave as it is.
FileStamp lasting_stamp_of(const fs::path& path) {
    FileStamp stamp = stamp_of(path);
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const std::int64_t tick = stamp.modified_ns % kSecond == 0 ? kCoarseTick : kFineTick;
    const std::int64_t latest = std::max(stamp.modified_ns, stamp.changed_ns);
    if (nanoseconds(now) - latest < tick) stamp.size = -1;
    return stamp;
}

// Collects what the readers find and writes it in batches; whoever fills a batch writes it while
// the others go on.
class BatchWriter {
  public:
    explicit BatchWriter(CorpusIndex& index) : index_(index), known_(index.known_contents()) {}

    // Is this content new? True once, for whoever is to read it.
    bool claim(const std::string& sha256) {
        const std::lock_guard lock(mutex_);
        return known_.insert(sha256).second;
    }

    void add(IndexedFile file, std::string sha256_of_new, Reading reading) {
        CorpusIndex::Batch full;
        {
            const std::lock_guard lock(mutex_);
            batch_.bytes += file.path.size() + sizeof file;
            if (!sha256_of_new.empty()) {
                batch_.bytes += sizeof reading + 4 * (reading.fingerprint.windows.hashes.size() +
                                                      reading.fingerprint.melody.hashes.size());
                for (const PartLines& part : reading.lines.parts)
                    batch_.bytes += sizeof(LineNote) * (part.top.size() + part.bottom.size());
                batch_.contents.emplace_back(std::move(sha256_of_new), std::move(reading));
            }
            batch_.files.push_back(std::move(file));
            if (batch_.files.size() < kBatchFiles && batch_.bytes < kBatchBytes &&
                Clock::now() - last_written_ < kBatchAge)
                return;
            full = take();
        }
        write(full);
    }

    void flush() {
        CorpusIndex::Batch rest;
        {
            const std::lock_guard lock(mutex_);
            rest = take();
        }
        write(rest);
    }

  private:
    CorpusIndex::Batch take() {
        last_written_ = Clock::now();
        return std::exchange(batch_, {});
    }
    // A copy may be written before the content that another batch brings: if this process is killed
    // in between, the next one reads the copy again.
    void write(const CorpusIndex::Batch& batch) {
        if (batch.files.empty()) return;
        const std::lock_guard lock(writing_);
        index_.write(batch);
    }

    CorpusIndex& index_;
    std::mutex mutex_, writing_;
    std::set<std::string> known_;
    CorpusIndex::Batch batch_;
    Clock::time_point last_written_ = Clock::now();
};

void read_file(const fs::path& path, std::string id, BatchWriter& writer) {
    IndexedFile file;
    file.path = std::move(id);
    file.stamp = lasting_stamp_of(path);
    file.is_music = is_music_file(path);
    std::string sha256_of_new;
    Reading reading;
    if (file.is_music) {
        const base::Result<std::string> bytes = io::read_music_bytes(path, {});
        if (!bytes) {
            file.refusal = refusal_of(bytes.error());
        } else {
            file.sha256 = base::sha256_hex(bytes.value());
            if (writer.claim(file.sha256)) {
                reading = read_music(bytes.value(), path.string());
                sha256_of_new = file.sha256;
            }
        }
    }
    writer.add(std::move(file), std::move(sha256_of_new), std::move(reading));
}

struct Found {
    std::string id;
    FileStamp stamp;
};

// Sorted by id, stamps not yet taken.
std::vector<Found> find_files(const fs::path& root, std::vector<std::string>& unreadable_folders) {
    std::vector<fs::path> unreadable;
    std::vector<Found> found;
    const std::string prefix = root.generic_string();
    const std::size_t skip = prefix.size() + (prefix.ends_with('/') ? 0 : 1);
    for (const fs::path& path : base::list_files(root, &unreadable))
        found.push_back({id_of_name(path == root ? path.filename().generic_string()
                                                 : path.generic_string().substr(skip)),
                         {}});
    for (const fs::path& folder : unreadable) unreadable_folders.push_back(folder.generic_string());
    std::sort(found.begin(), found.end(),
              [](const Found& a, const Found& b) { return a.id < b.id; });
    return found;
}

// What of the index still holds, held against the files found; both are sorted.
struct Difference {
    std::vector<const Found*> to_read;
    std::vector<std::string> gone;
    std::int64_t unchanged = 0;
    bool any_changed = false;
};

Difference compare(CorpusIndex& index, const std::vector<Found>& found) {
    Difference difference;
    std::size_t next = 0;
    index.for_each_file([&](const IndexedFile& known, bool is_done) {
        while (next < found.size() && found[next].id < known.path)
            difference.to_read.push_back(&found[next++]);
        if (next == found.size() || found[next].id != known.path) {
            difference.gone.push_back(known.path);
            return;
        }
        const Found& file = found[next++];
        if (is_done && known.stamp == file.stamp) {
            ++difference.unchanged;
            return;
        }
        difference.any_changed = true;
        difference.to_read.push_back(&file);
    });
    while (next < found.size()) difference.to_read.push_back(&found[next++]);
    return difference;
}

void read_files(const std::vector<const Found*>& files, const fs::path& root, CorpusIndex& index,
                int threads, base::Progress& progress) {
    BatchWriter writer(index);
    progress.begin("reading music", static_cast<std::int64_t>(files.size()));
    std::atomic<std::int64_t> done{0};
    const Clock::time_point started = Clock::now();
    try {
        base::parallel_for(files.size(), threads, [&](std::size_t i) {
            base::throw_if_stop_requested();
            read_file(path_of_piece(root, files[i]->id), files[i]->id, writer);
            const std::int64_t so_far = ++done;
            const double seconds = std::chrono::duration<double>(Clock::now() - started).count();
            if (so_far % 64 == 0 && seconds > 0)
                progress.update(
                    so_far, fmt::format("{:.0f} files/s", static_cast<double>(so_far) / seconds));
            else
                progress.update(so_far);
        });
    } catch (...) {
        writer.flush();
        throw;
    }
    writer.flush();
    progress.end();
}

}  // namespace

Ingested bring_up_to_date(CorpusIndex& index, const fs::path& root, int threads,
                          base::Progress& progress) {
    Ingested result;
    progress.begin("looking for files", 0);
    std::vector<Found> found = find_files(root, result.unreadable_folders);
    base::parallel_stage(progress, "looking at files", found.size(), threads, [&](std::size_t i) {
        found[i].stamp = stamp_of(path_of_piece(root, found[i].id));
    });
    const Difference difference = compare(index, found);
    if (!difference.to_read.empty()) read_files(difference.to_read, root, index, threads, progress);
    if (!difference.gone.empty() || difference.any_changed) index.remove(difference.gone);
    result.read = static_cast<std::int64_t>(difference.to_read.size());
    result.unchanged = difference.unchanged;
    result.forgotten = static_cast<std::int64_t>(difference.gone.size());
    index.for_each_file(
        [&](const IndexedFile& file, bool) { ++(file.is_music ? result.music : result.others); });
    return result;
}

}  // namespace symphony::corpus
