// Tunes of the dialect of abc2midi sound as it plays them: same notes in number, pitch, onset and
// length; drums are drums.
// tools/abc_goldens.sh stores its MIDI files.
#include "symphony/base/file.h"
#include "symphony/io/abc_reader.h"
#include "symphony/io/score_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

namespace symphony::io {
namespace {

namespace fs = std::filesystem;

// abc2midi rounds to 1/480 of a quarter, begins the upper notes of a chord a little later and ends
// notes a little earlier.
constexpr double kToleranceQuarters = 0.05;
constexpr double kLengthToleranceQuarters = 0.1;

struct Sound {
    bool is_drum;
    int pitch;
    double onset, length;  // in quarters
    auto operator<=>(const Sound&) const = default;
};

std::vector<Sound> sounds_of(const score::Score& score) {
    std::vector<Sound> sounds;
    const auto quarters = [&](score::Ticks at) {
        return static_cast<double>(at.value) / score.ticks_per_quarter;
    };
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes)
            sounds.push_back(
                {part.is_drums, note.pitch, quarters(note.onset), quarters(note.duration)});
    std::sort(sounds.begin(), sounds.end());
    return sounds;
}

score::Score read(const fs::path& path) {
    ReadOptions options;
    options.expand_repeats = true;
    const auto bytes = base::read_file(path);
    return parse_score(bytes.value(), path.filename().string(), options).value().score;
}

TEST(AbcDialect, TunesSoundAsAbc2midiPlaysThem) {
    const fs::path folder = fs::path(SYMPHONY_SOURCE_DIR) / "tests" / "io" / "abc_dialect";
    int tunes = 0;
    for (const auto& entry : fs::directory_iterator(folder)) {
        if (entry.path().extension() != ".abc") continue;
        SCOPED_TRACE(entry.path().filename().string());
        ++tunes;
        const auto ours = sounds_of(read(entry.path()));
        const auto theirs = sounds_of(read(fs::path(entry.path()).replace_extension(".mid")));
        ASSERT_EQ(ours.size(), theirs.size());
        for (std::size_t i = 0; i < ours.size(); ++i) {
            EXPECT_EQ(ours[i].is_drum, theirs[i].is_drum) << "note " << i;
            EXPECT_EQ(ours[i].pitch, theirs[i].pitch) << "note " << i;
            EXPECT_NEAR(ours[i].onset, theirs[i].onset, kToleranceQuarters) << "note " << i;
            EXPECT_NEAR(ours[i].length, theirs[i].length, kLengthToleranceQuarters) << "note " << i;
        }
    }
    EXPECT_GE(tunes, 34);
}

}  // namespace
}  // namespace symphony::io
