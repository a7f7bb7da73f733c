// Tunes of the dialect of abc2midi sound as it plays them: same notes in number, pitch and onset.
// tools/abc_goldens.sh stores its MIDI files.
#include "symphony/base/file.h"
#include "symphony/io/abc_reader.h"
#include "symphony/io/score_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <utility>
#include <vector>

namespace symphony::io {
namespace {

namespace fs = std::filesystem;

// abc2midi rounds to 1/480 of a quarter and begins the upper notes of a chord a little later.
constexpr double kToleranceQuarters = 0.05;

// (pitch, onset in quarters), sorted.
std::vector<std::pair<int, double>> sounds_of(const score::Score& score) {
    std::vector<std::pair<int, double>> sounds;
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes)
            sounds.emplace_back(note.pitch,
                                static_cast<double>(note.onset.value) / score.ticks_per_quarter);
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
            EXPECT_EQ(ours[i].first, theirs[i].first) << "note " << i;
            EXPECT_NEAR(ours[i].second, theirs[i].second, kToleranceQuarters) << "note " << i;
        }
    }
    EXPECT_GE(tunes, 16);
}

}  // namespace
}  // namespace symphony::io
