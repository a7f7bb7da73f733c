// The short way through sound channel messages gives what the careful way gives, whatever the
// bytes.
#include "symphony/io/track_event_reader.h"

#include "symphony/base/file.h"
#include "symphony/base/rng.h"
#include "symphony/io/midi_chunks.h"

#include "io/midi_mutants.h"
#include "io/shared_data.h"
#include <gtest/gtest.h>

#include <tuple>

namespace symphony::io {
namespace {

using namespace test;

// Every event and every finding of a track that fills `bytes`.
struct Reading {
    std::vector<std::tuple<std::size_t, std::uint32_t, int, int, int, std::size_t, std::size_t>>
        events;  // offset, delta, status, data, payload and its size
    std::vector<std::string> findings;
    std::size_t position = 0, skipped_bytes = 0;

    bool operator==(const Reading&) const = default;

    void add(const ChannelMessage& message) {
        events.emplace_back(message.offset, message.delta, message.status, message.data[0],
                            message.data[1], 0, 0);
    }
    void add(const MidiEvent& event) {
        if (event.is_channel())
            add(event.message());
        else
            events.emplace_back(event.offset, event.delta, event.status, event.meta_type, 0,
                                event.payload, event.payload_size);
    }
};

// Takes as many messages at a time as `at_once` says before next() is asked again; 0: always
// next().
Reading read(Bytes bytes, std::size_t begin, std::uint64_t declared_end, int at_once) {
    ReadOptions options;
    options.strictness = Strictness::kSalvage;
    options.max_diagnostics = 1 << 20;
    DiagnosticLog log(options, "track");
    TrackEventReader reader(bytes, begin, declared_end, 0, log);
    Reading reading;
    MidiEvent event;
    do {
        int left = at_once;
        if (at_once > 0)
            reader.take_plain([&](const ChannelMessage& message) {
                reading.add(message);
                return --left > 0;
            });
        if (!reader.next(event)) break;
        reading.add(event);
    } while (true);
    reading.position = reader.position();
    reading.skipped_bytes = reader.skipped_bytes();
    for (const Diagnostic& found : log.take()) reading.findings.push_back(found.format());
    return reading;
}

void expect_both_ways_agree(const std::string& file) {
    const Bytes bytes = as_bytes(file);
    for (std::size_t at = find_text(bytes, "MTrk", 0); at + 8 <= bytes.size();
         at = find_text(bytes, "MTrk", at + 4)) {
        const std::uint64_t end = std::uint64_t{at} + 8 + big_endian_32(bytes, at + 4);
        const Reading careful = read(bytes, at + 8, end, 0);
        for (const int at_once : {3, 1 << 30})
            ASSERT_TRUE(read(bytes, at + 8, end, at_once) == careful)
                << "track at " << at << " of " << testing::PrintToString(file.substr(0, 2000));
    }
}

TEST(TrackEventReader, ShortWayIsTheCarefulWayOnMutants) {
    for (const std::string& original : good_files())
        for (const Mutation& mutation : kMutations)
            for (std::size_t at = 0; at < original.size() && !HasFatalFailure(); at += 2)
                expect_both_ways_agree(mutation.apply(original, at));
}

TEST(TrackEventReader, ShortWayIsTheCarefulWayOnNoise) {
    for (std::uint64_t index = 0; index < 500 && !HasFatalFailure(); ++index) {
        base::Rng rng(9, "noise", index);
        std::string noise;
        for (std::uint64_t size = rng.below(300); size > 0; --size)
            noise.push_back(static_cast<char>(rng.below(rng.below(4) ? 128 : 256)));
        expect_both_ways_agree(chunk("MTrk", noise));
    }
}

TEST(TrackEventReader, ShortWayIsTheCarefulWayOnRealFiles) {
    const auto edge = shared_folder("data/midi-edge");
    const auto music = shared_folder("data/mutopia-pd");
    if (!edge || !music) GTEST_SKIP() << kSharedIsAbsent;
    std::vector<std::filesystem::path> paths = base::list_files(*edge);
    const auto pieces = base::list_files(*music);
    for (std::size_t i = 0; i < pieces.size(); i += 10) paths.push_back(pieces[i]);
    for (const auto& path : paths) {
        if (HasFatalFailure()) break;
        std::string file = base::read_file(path).value();
        expect_both_ways_agree(file);
        base::Rng rng(10, path.filename().string(), 0);
        for (int wounds = 0; wounds < 20 && !file.empty(); ++wounds)
            file[rng.below(file.size())] = static_cast<char>(rng.below(256));
        expect_both_ways_agree(file);
    }
}

}  // namespace
}  // namespace symphony::io
