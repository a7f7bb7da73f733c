// MusicXML reader on real scores, where they stand beside the project: every file is read, and the
// notes agree with MIDI that another converter made. A handful by default; all of them with
// SYMPHONY_THOROUGH=1 (ctest -L slow).
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/base/text.h"
#include "symphony/io/score_file.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <sstream>

namespace symphony::io {
namespace {

namespace fs = std::filesystem;

fs::path shared_data() {
    const char* given = std::getenv("SYMPHONY_SHARED");
    const fs::path shared =
        given != nullptr ? fs::path(given) : fs::path(SYMPHONY_SOURCE_DIR) / ".." / "shared";
    return shared / "data";
}

bool is_thorough() { return std::getenv("SYMPHONY_THOROUGH") != nullptr; }

// Every n-th of a list, so that the default run takes about a second.
template <class T>
std::vector<T> sample(const std::vector<T>& all, std::size_t wanted) {
    if (is_thorough() || all.size() <= wanted) return all;
    std::vector<T> some;
    for (std::size_t i = 0; i < wanted; ++i) some.push_back(all[i * all.size() / wanted]);
    return some;
}

TEST(MusicXmlCorpus, EveryScoreIsRead) {
    std::vector<fs::path> files;
    for (const char* folder : {"openscore-lieder", "openscore-quartets"}) {
        const fs::path root = shared_data() / folder;
        if (!fs::is_directory(root)) GTEST_SKIP() << root << " is not there";
        for (const fs::path& path : base::list_files(root))
            if (path.extension() == ".mxl") files.push_back(path);
    }
    EXPECT_EQ(files.size(), 1410u);
    files = sample(files, 40);
    std::atomic<std::size_t> notes = 0;
    base::parallel_for(files.size(), 0, [&](std::size_t i) {
        const auto file = read_score_file(files[i]);
        ASSERT_TRUE(file.ok()) << files[i] << ": " << file.error().message;
        const score::Score& score = file.value().score;
        EXPECT_GT(score.note_count(), 0u) << files[i];
        EXPECT_FALSE(score.title.empty()) << files[i];
        // Bars follow one another without a gap and reach the end of the music.
        score::Ticks at;
        for (const score::Bar& bar : score.bars) {
            ASSERT_EQ(bar.onset, at) << files[i];
            at += bar.length;
        }
        EXPECT_GE(at, score.end()) << files[i];
        notes += score.note_count();
    });
    if (is_thorough()) {
        EXPECT_GT(notes, 2'300'000u);
    }
}

using Onsets = std::set<std::pair<std::int64_t, int>>;  // (480ths of a quarter, pitch)

Onsets onsets_of(const score::Score& score) {
    Onsets onsets;
    const std::int64_t per_quarter = score.ticks_per_quarter;
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes)
            onsets.emplace((note.onset.value * 480 + per_quarter / 2) / per_quarter, note.pitch);
    return onsets;
}

bool holds(const Onsets& onsets, std::pair<std::int64_t, int> wanted) {
    for (const std::int64_t shift : {0, -1, 1, -2, 2})  // the MIDI rounds tuplets, and adds up
        if (onsets.count({wanted.first + shift, wanted.second}) > 0) return true;
    return false;
}

// How many of `wanted` are not in `onsets`.
std::size_t missing_from(const Onsets& onsets, const Onsets& wanted) {
    return static_cast<std::size_t>(std::count_if(
        wanted.begin(), wanted.end(), [&](const auto& onset) { return !holds(onsets, onset); }));
}

TEST(MusicXmlCorpus, NotesAgreeWithAnotherConverter) {
    const auto index = base::read_file(shared_data() / "musicxml-check" / "index.tsv");
    if (!index.ok())
        GTEST_SKIP() << shared_data() / "musicxml-check"
                     << " is not there";
    std::vector<std::pair<std::string, std::string>> rows;
    std::istringstream lines(index.value());
    std::string line;
    std::getline(lines, line);  // the names of the columns
    while (std::getline(lines, line)) {
        const auto cells = base::split(line, '\t');
        rows.emplace_back(cells.at(0), cells.at(1));
    }
    ASSERT_EQ(rows.size(), 80u);
    rows = sample(rows, 10);
    std::size_t theirs_total = 0, missing = 0, surplus = 0, equal_files = 0, upbeats = 0;
    for (const auto& [midi_path, mxl_path] : rows) {
        const auto midi = read_score_file(shared_data() / midi_path);
        const auto mxl = read_score_file(shared_data() / mxl_path);
        ASSERT_TRUE(midi.ok() && mxl.ok()) << mxl_path;
        const Onsets theirs = onsets_of(midi.value().score), ours = onsets_of(mxl.value().score);
        const std::size_t absent = missing_from(ours, theirs), extra = missing_from(theirs, ours);
        theirs_total += theirs.size();
        missing += absent;
        surplus += extra;
        if (absent + extra == 0) ++equal_files;
        const auto& bars = mxl.value().score.bars;
        if (bars.size() > 1 && bars[0].length < bars[1].length) ++upbeats;
    }
    // What differs: notes tied over others (an arpeggio written out), which the other converter
    // strikes anew, and one song whose voice and piano have different meters.
    EXPECT_GE(equal_files, rows.size() * 7 / 10);
    EXPECT_LE(missing + surplus, theirs_total / 50);
    if (is_thorough()) {
        EXPECT_EQ(upbeats, 24u);
    }
}

}  // namespace
}  // namespace symphony::io
