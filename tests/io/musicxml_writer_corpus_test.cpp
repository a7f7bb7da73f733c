// Real scores, where they stand beside the project, read, written as MusicXML and read again: every
// note comes back. A handful by default; all of them with SYMPHONY_THOROUGH=1 (ctest -L slow).
#include "symphony/base/file.h"
#include "symphony/base/parallel.h"
#include "symphony/io/musicxml_writer.h"
#include "symphony/io/score_file.h"

#include "shared_data.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <tuple>
#include <vector>

namespace symphony::io {
namespace {

namespace fs = std::filesystem;

// Onset and end in 10,000ths of a quarter, pitch.
using Heard = std::tuple<std::int64_t, std::int64_t, int>;

std::vector<Heard> heard(const score::Score& score) {
    std::vector<Heard> notes;
    const auto place = [&](score::Ticks at) {
        return std::llround(static_cast<double>(at.value) * 1e4 / score.ticks_per_quarter);
    };
    for (const score::Part& part : score.parts)
        for (const score::Note& note : part.notes)
            notes.emplace_back(place(note.onset), place(note.end()), note.pitch);
    std::sort(notes.begin(), notes.end());
    return notes;
}

std::size_t missing_from(const std::vector<Heard>& notes, const std::vector<Heard>& wanted) {
    std::vector<Heard> missing;
    std::set_difference(wanted.begin(), wanted.end(), notes.begin(), notes.end(),
                        std::back_inserter(missing));
    return missing.size();
}

TEST(MusicXmlWriterCorpus, EveryNoteComesBack) {
    std::vector<fs::path> files;
    for (const char* folder : {"data/openscore-lieder", "data/openscore-quartets"}) {
        const auto root = test::shared_folder(folder);
        if (!root) GTEST_SKIP() << test::kSharedIsAbsent;
        for (const fs::path& path : base::list_files(*root))
            if (path.extension() == ".mxl") files.push_back(path);
    }
    if (std::getenv("SYMPHONY_THOROUGH") == nullptr) {
        std::vector<fs::path> some;
        for (std::size_t i = 0; i < 10; ++i) some.push_back(files[i * files.size() / 10]);
        files = some;
    }
    std::atomic<std::size_t> notes = 0, lost = 0, differing = 0, moved = 0;
    base::parallel_for(files.size(), 0, [&](std::size_t i) {
        const auto read = read_score_file(files[i]);
        ASSERT_TRUE(read.ok()) << files[i];
        const auto text = format_musicxml(read.value().score);
        ASSERT_TRUE(text.ok()) << files[i] << ": " << text.error().message;
        const auto back = parse_score(text.value().text, files[i].string());
        ASSERT_TRUE(back.ok()) << files[i] << ": " << back.error().message;
        const auto ours = heard(read.value().score), theirs = heard(back.value().score);
        const std::size_t missing = missing_from(theirs, ours);
        const bool was_moved =
            !text.value().diagnostics.empty() && text.value().diagnostics.front().code == "XML301";
        notes += ours.size();
        EXPECT_EQ(ours.size(), theirs.size()) << files[i];
        if (was_moved)
            ++moved;
        else if (missing > 0) {
            lost += missing;
            ++differing;
            std::printf("%s: %zu of %zu notes differ\n", files[i].c_str(), missing, ours.size());
        }
    });
    std::printf(
        "%zu scores, %zu notes; %zu quantised and said so; %zu notes differ in %zu others\n",
        files.size(), notes.load(), moved.load(), lost.load(), differing.load());
    EXPECT_EQ(lost, 0u);
}

}  // namespace
}  // namespace symphony::io
