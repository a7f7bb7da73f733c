// Files made to eat time or memory: reading stays within 64 MiB and 20 times the file, and is done
// soon. Memory is counted at operator new, so this is a program of its own.
#include "symphony/io/midi_reader.h"

#include "io/midi_bytes.h"
#include <gtest/gtest.h>
#include <malloc.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
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

TEST(MidiBudget, TimeAndMemoryStayInProportion) {
    for (const std::size_t size : {kMiB / 4, 2 * kMiB})
        for (const Bomb& bomb : bombs(size))
            for (const Strictness strictness : {Strictness::kRepair, Strictness::kSalvage}) {
                SCOPED_TRACE(bomb.what + ", " + std::to_string(bomb.file.size()) + " bytes");
                ReadOptions options;
                options.strictness = strictness;
                const std::size_t before = live;
                peak = before;
                const auto start = std::chrono::steady_clock::now();
                const auto result = parse_midi(bomb.file, bomb.what, options);
                const std::chrono::duration<double> taken =
                    std::chrono::steady_clock::now() - start;
                const std::size_t used = peak - before;
                EXPECT_LE(used, 64 * kMiB + 20 * bomb.file.size());
                // 50 ms a MiB on a quiet machine; what this catches is quadratic.
                EXPECT_LT(taken.count(), 3.0);
                if (std::getenv("SYMPHONY_SHOW_TIMES"))
                    printf("%-28s %9zu bytes %8.1f ms %8.1f MiB %s\n", bomb.what.c_str(),
                           bomb.file.size(), taken.count() * 1e3, static_cast<double>(used) / kMiB,
                           result.ok() ? "" : result.error().message.substr(0, 60).c_str());
            }
}

}  // namespace
}  // namespace symphony::io
