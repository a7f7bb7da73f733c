// Files made to eat time or memory: reading stays within 64 MiB and 20 times the file, and is done
// soon. Memory is counted at operator new, so this is a program of its own.
#include "symphony/base/file.h"
#include "symphony/base/rng.h"
#include "symphony/io/midi_reader.h"

#include "io/midi_mutants.h"
#include "io/shared_data.h"
#include <gtest/gtest.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <ctime>
#include <new>

namespace {

std::atomic<std::size_t> live{0}, peak{0};

void* counted(std::size_t size) {
    void* memory = std::malloc(size);
    if (!memory) throw std::bad_alloc();
    const std::size_t now = live += malloc_usable_size(memory);
    std::size_t highest = peak;
    while (now > highest && !peak.compare_exchange_weak(highest, now)) continue;
    return memory;
}

void release(void* memory) noexcept {
    if (memory) live -= malloc_usable_size(memory);
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void operator delete(void* memory) noexcept { release(memory); }
void operator delete(void* memory, std::size_t) noexcept { release(memory); }

namespace symphony::io {
namespace {

using namespace test;

constexpr std::size_t kMiB = std::size_t{1} << 20;

std::string repeat(const std::string& unit, std::size_t size) {
    std::string text;
    text.reserve(size + unit.size());
    while (text.size() < size) text += unit;
    return text;
}

struct Bomb {
    std::string what;
    std::string file;
};

std::vector<Bomb> bombs(std::size_t size) {
    const std::string h = header(1, 1);
    const auto one_track = [&](const std::string& start, const std::string& unit) {
        return h + track(start + repeat(unit, size));
    };
    return {
        {"empty tracks", h + repeat(chunk("MTrk", ""), size)},
        {"tracks of one note", h + repeat(track(bytes({0x00, 0x90, 60, 64})), size)},
        {"parts in every track",
         h + repeat(track(bytes({0, 0x90, 60, 64, 0, 0x91, 60, 64, 0, 0x92, 60, 64,
                                 0, 0x93, 60, 64, 0, 0x94, 60, 64, 0, 0x95, 60, 64})),
                    size)},
        {"foreign chunks", h + repeat(chunk("XFIH", ""), size)},
        {"notes never closed", one_track(bytes({0x00, 0x90, 60, 64}), bytes({0, 60, 64}))},
        {"notes and all notes off", one_track("", bytes({0, 0x90, 60, 64, 0, 0xB0, 123, 0}))},
        {"all notes off",
         one_track(bytes({0x00, 0x90, 60, 64, 0, 0xB0, 123, 0}), bytes({0, 123, 0}))},
        {"one note off too few",
         one_track(bytes({0x00, 0x90, 60, 64}), bytes({0, 60, 64, 1, 60, 0}))},
        {"programs", one_track(bytes({0x00, 0xC0, 1}), bytes({0, 1}))},
        {"controls", one_track(bytes({0x00, 0xB0, 1, 1}), bytes({0, 1, 1}))},
        {"texts", one_track("", bytes({0, 0xFF, 1, 1, 'x'}))},
        {"long names", one_track("", meta(3, std::string(100, 'n')))},
        {"tempos", one_track("", bytes({1, 0xFF, 0x51, 3, 7, 0xA1, 0x20}))},
        {"metres",
         one_track("", bytes({1, 0xFF, 0x58, 4, 1, 7, 24, 8, 1, 0xFF, 0x58, 4, 2, 7, 24, 8}))},
        {"keys", one_track("", bytes({1, 0xFF, 0x59, 2, 1, 0, 1, 0xFF, 0x59, 2, 2, 0}))},
        {"ends of track", one_track("", kEndOfTrack)},
        {"aftertouch", one_track(bytes({0x00, 0xD0, 1}), bytes({0, 1}))},
        {"long waits", one_track("", bytes({0xFF, 0xFF, 0xFF, 0x7F, 0x90, 60, 64}))},
        {"bars of 1/128 for ever",
         header(1, 1, 1) + track(meta(0x58, bytes({1, 7, 24, 8})) +
                                 repeat(bytes({0xBD, 0x84, 0x00, 0x90, 60, 64}), 60))},
        {"bad data bytes", one_track("", bytes({0, 0x90, 0xFF, 0xFF}))},
        {"lying text lengths", one_track("", bytes({0, 0xFF, 1, 0xFF, 0xFF, 0xFF, 0x7F}))},
        {"lying exclusive lengths", one_track("", bytes({0, 0xF0, 0xFF, 0xFF, 0xFF, 0x7F, 1, 1}))},
        {"system messages", one_track("", bytes({0, 0xF6}))},
        {"zeros", one_track("", bytes({0}))},
        {"ones", one_track("", bytes({0xFF}))},
        {"continuation bytes", one_track("", bytes({0x80}))},
        {"tracks with lying lengths", h + repeat("MTrk" + bytes({0x7F, 0, 0, 0}), size)},
        {"tracks with short lengths", h + repeat("MTrk" + bytes({0, 0, 0, 1}) + scale(), size)},
        {"track names in text", one_track("", meta(1, "MTrkMTrk"))},
        {"no tracks", h + repeat("MThd", size)},
        {"RIFF chunks",
         "RIFF" + bytes({0, 0, 0, 0}) + "RMID" + repeat("abcd" + bytes({0, 0, 0, 0}), size)},
    };
}

// Of this thread alone: the machine may be busy with other things.
double cpu_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

#if defined(__SANITIZE_ADDRESS__)
constexpr double kSlowness = 20;
#else
constexpr double kSlowness = 4;  // what this catches is quadratic; docs/robustness.md has figures
#endif
constexpr double kSecondsPerMiB = 0.05;

struct Cost {
    double seconds = 0;
    std::size_t bytes = 0;
};

Cost read(const std::string& file, const std::string& what, Strictness strictness) {
    ReadOptions options;
    options.strictness = strictness;
    const std::size_t before = live;
    peak = before;
    const double start = cpu_seconds();
    const auto result = parse_midi(file, what, options);
    const Cost cost{cpu_seconds() - start, peak - before};
    EXPECT_LE(cost.bytes, 64 * kMiB + 20 * file.size()) << what;
    if (std::getenv("SYMPHONY_SHOW_TIMES"))
        printf("%-28s %9zu bytes %8.1f ms %8.1f MiB %s\n", what.c_str(), file.size(),
               cost.seconds * 1e3, static_cast<double>(cost.bytes) / kMiB,
               result.ok() ? "" : result.error().message.substr(0, 60).c_str());
    return cost;
}

TEST(MidiBudget, TimeAndMemoryStayInProportion) {
    for (const std::size_t size : {kMiB / 4, kMiB, 2 * kMiB})
        for (const Bomb& bomb : bombs(size))
            for (const Strictness strictness : {Strictness::kRepair, Strictness::kSalvage}) {
                const double mebibytes = static_cast<double>(bomb.file.size()) / kMiB;
                EXPECT_LT(read(bomb.file, bomb.what, strictness).seconds,
                          kSlowness * kSecondsPerMiB * std::max(1.0, mebibytes))
                    << bomb.what << ", " << bomb.file.size() << " bytes";
            }
}

// A sound file of a mebibyte, damaged in many places: at most 50 ms for 99 of 100.
TEST(MidiBudget, MutantsOfALargeFile) {
    constexpr int kTracks = 15;
    std::string original = header(1, kTracks);
    for (int t = 0; t < kTracks; ++t) {
        std::string events;
        for (int i = 0; events.size() < kMiB / kTracks; ++i)
            events += quarter(36 + (i * i) % 60, t, 1 + i % 127);
        original += track(events);
    }
    std::vector<double> seconds;
    for (std::uint64_t index = 0; index < 40; ++index) {
        base::Rng rng(6, "large", index);
        std::string mutant = original;
        for (std::uint64_t wounds = std::uint64_t{1} << rng.below(12); wounds > 0; --wounds) {
            const Mutation& mutation = kMutations[1 + rng.below(kMutations.size() - 1)];
            // Lost and doubled bytes move the rest: a few of them are enough.
            const bool moves = &mutation < &kMutations[3];
            if (!moves || wounds < 8)
                mutant = mutation.apply(std::move(mutant), rng.below(original.size() / 2));
        }
        for (const Strictness strictness : {Strictness::kRepair, Strictness::kSalvage})
            seconds.push_back(read(mutant, "mutant of a large file", strictness).seconds);
    }
    std::sort(seconds.begin(), seconds.end());
    EXPECT_LT(seconds[seconds.size() * 99 / 100], kSlowness * kSecondsPerMiB);
}

// The share of `sorted` up to `percent`.
double percentile(const std::vector<double>& sorted, std::size_t percent) {
    return sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

// Everything at once, as somebody reads it who has a folder of broken files: the files above, those
// that others collected, real music and its mutants (with SYMPHONY_THOROUGH all of it, else a
// tenth). Each at most a mebibyte.
TEST(MidiBudget, NinetyNineOfAHundredFilesTakeFiftyMilliseconds) {
    const auto edge = shared_folder("data/midi-edge");
    const auto music = shared_folder("data/mutopia-pd");
    std::vector<std::filesystem::path> sources;
    if (edge) sources = base::list_files(*edge);
    if (music) {
        const std::size_t step = std::getenv("SYMPHONY_THOROUGH") ? 1 : 10;
        const auto pieces = base::list_files(*music);
        for (std::size_t i = 0; i < pieces.size(); i += step) sources.push_back(pieces[i]);
    }
    std::vector<double> milliseconds, shares;  // of the memory allowed
    const auto measure = [&](const std::string& file, const std::string& what) {
        for (const Strictness strictness : {Strictness::kRepair, Strictness::kSalvage}) {
            const Cost cost = read(file, what, strictness);
            milliseconds.push_back(cost.seconds * 1e3);
            shares.push_back(static_cast<double>(cost.bytes) /
                             static_cast<double>(64 * kMiB + 20 * file.size()));
        }
    };
    for (const Bomb& bomb : bombs(kMiB - 1024)) measure(bomb.file, bomb.what);
    for (std::size_t i = 0; i < sources.size(); ++i) {
        const std::string original = base::read_file(sources[i]).value();
        if (original.empty() || original.size() > kMiB) continue;
        measure(original, "as it is");
        base::Rng rng(11, "percentiles", i);
        for (const Mutation& mutation : kMutations)
            measure(mutation.apply(original, rng.below(original.size())), mutation.name);
        if (!original.starts_with("MThd")) continue;
        const auto fields = length_fields(original);
        for (const int step : {-1, 1}) {
            std::string mutant = original;
            char& byte = mutant[std::min(fields[rng.below(fields.size())].at, mutant.size() - 1)];
            byte = static_cast<char>(byte + step);
            measure(mutant, "length");
        }
    }
    std::sort(milliseconds.begin(), milliseconds.end());
    std::sort(shares.begin(), shares.end());
    if (std::getenv("SYMPHONY_SHOW_TIMES"))
        printf(
            "%zu readings: processor time in ms: median %.2f, 99th percentile %.1f, longest %.1f; "
            "of the memory allowed: 99th percentile %.0f %%, most %.0f %%\n",
            milliseconds.size(), percentile(milliseconds, 50), percentile(milliseconds, 99),
            milliseconds.back(), 100 * percentile(shares, 99), 100 * shares.back());
    EXPECT_LT(percentile(milliseconds, 99), kSlowness * kSecondsPerMiB * 1e3);
}

TEST(MidiBudget, MutantsOfSmallFiles) {
    for (const std::string& original : good_files())
        for (const Mutation& mutation : kMutations)
            for (std::size_t at = 0; at < original.size(); ++at) {
                ReadOptions options;
                const std::size_t before = live;
                peak = before;
                const auto result = parse_midi(mutation.apply(original, at), "mutant", options);
                ASSERT_LE(peak - before, 64 * kMiB) << mutation.name << " at " << at;
            }
}

}  // namespace
}  // namespace symphony::io
