// decode(encode(x)) on real music, where it lies beside the project.
#include "symphony/io/score_file.h"
#include "symphony/score/transform.h"
#include "symphony/tokens/stream_tokenizer.h"

#include "tokens/grammar_walk.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <tuple>

namespace symphony::tokens {
namespace {

namespace fs = std::filesystem;

// Up to `most` readable scores with the ending under the folder of shared/.
std::vector<score::Score> read_scores(const std::string& folder, const std::string& ending,
                                      std::size_t most) {
    const char* given = std::getenv("SYMPHONY_SHARED");
    const fs::path root =
        (given ? fs::path(given) : fs::path(SYMPHONY_SOURCE_DIR) / ".." / "shared") / folder;
    std::vector<fs::path> paths;
    if (fs::exists(root))
        for (const auto& entry : fs::recursive_directory_iterator(root))
            if (entry.path().extension() == ending) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    if (paths.size() > most) paths.resize(most);
    std::vector<score::Score> scores;
    for (const fs::path& path : paths)
        if (auto file = io::read_score_file(path); file.ok())
            scores.push_back(std::move(file.value().score));
    return scores;
}

using NoteValues = std::tuple<std::int64_t, std::int64_t, int>;

// Onset, duration and pitch of a part's notes, sorted.
std::vector<NoteValues> note_values(const score::Part& part) {
    std::vector<NoteValues> notes;
    for (const score::Note& n : part.notes)
        notes.push_back({n.onset.value, n.duration.value, n.pitch});
    std::sort(notes.begin(), notes.end());
    return notes;
}

// Of a pitch struck again while it sounds in the part, the earlier note ends there; of equal onsets
// the longest stays. Quadratic and apart from the tokenizer's own way, as a reference.
std::vector<NoteValues> without_overlaps(const score::Part& part) {
    std::vector<NoteValues> notes = note_values(part);
    std::vector<NoteValues> result;
    for (const auto& [onset, duration, pitch] : notes) {
        std::int64_t length = duration;
        bool stays = true;
        for (const auto& [other_onset, other_duration, other_pitch] : notes) {
            if (other_pitch != pitch) continue;
            if (other_onset == onset && other_duration > duration) stays = false;
            if (other_onset > onset) length = std::min(length, other_onset - onset);
        }
        if (stays) result.push_back({onset, length, pitch});
    }
    std::sort(result.begin(), result.end());
    result.erase(std::unique(result.begin(), result.end()), result.end());
    return result;
}

void expect_parts_come_back(const std::vector<score::Score>& scores) {
    const auto tokenizer = learn_tokenizer(scores, {.scheme = "remi"});
    for (const score::Score& score : scores) {
        const Encoded encoded = tokenizer->encode(score);
        const score::Score decoded = tokenizer->decode(encoded.ids);
        const score::Score expected = score::quantised(score, tokenizer->steps_per_quarter());
        std::size_t next = 0;
        for (const score::Part& part : expected.parts) {
            if (part.notes.empty()) continue;
            ASSERT_LT(next, decoded.parts.size());
            EXPECT_EQ(note_values(decoded.parts[next]), without_overlaps(part)) << score.title;
            ++next;
        }
        EXPECT_EQ(next, decoded.parts.size());
        EXPECT_TRUE(tests::grammar_takes(*tokenizer, encoded.ids)) << score.title;
        EXPECT_EQ(tokenizer->encode(decoded).ids, encoded.ids);
    }
}

TEST(RealFiles, ChoralesComeBackPartByPart) {
    const auto scores = read_scores("data/jsb-chorales/midi", ".mid", 40);
    if (scores.empty()) GTEST_SKIP() << "data/jsb-chorales is absent (set SYMPHONY_SHARED)";
    expect_parts_come_back(scores);
}

TEST(RealFiles, QuartetsComeBackPartByPart) {
    const auto scores = read_scores("data/openscore-quartets", ".mxl", 3);
    if (scores.empty()) GTEST_SKIP() << "data/openscore-quartets is absent (set SYMPHONY_SHARED)";
    expect_parts_come_back(scores);
}

TEST(RealFiles, SongsComeBackPartByPart) {
    const auto scores = read_scores("data/openscore-lieder", ".mxl", 12);
    if (scores.empty()) GTEST_SKIP() << "data/openscore-lieder is absent (set SYMPHONY_SHARED)";
    expect_parts_come_back(scores);
}

// The figures of docs/tokens.md.
TEST(RealFiles, Figures) {
    const auto scores = read_scores("data/jsb-chorales/midi", ".mid", 1000);
    if (scores.empty()) GTEST_SKIP() << "data/jsb-chorales is absent (set SYMPHONY_SHARED)";
    for (const std::string scheme : {"note", "remi"}) {
        const auto tokenizer = learn_tokenizer(scores, {.scheme = scheme});
        std::size_t ids = 0;
        std::int64_t notes = 0, lost = 0;
        for (const score::Score& score : scores) {
            const Encoded encoded = tokenizer->encode(score);
            ids += encoded.ids.size();
            notes += encoded.source_notes;
            for (const auto& [code, count] : encoded.losses) lost += count;
        }
        const double per_note = static_cast<double>(ids) / static_cast<double>(notes);
        std::printf(
            "%s: %zu chorales, %lld notes, vocabulary %d, %.2f tokens per note, %lld losses\n",
            scheme.c_str(), scores.size(), static_cast<long long>(notes),
            tokenizer->vocabulary().size(), per_note, static_cast<long long>(lost));
        EXPECT_LT(per_note, 4);
        if (scheme == "remi") {
            EXPECT_EQ(lost, 0);
        }
    }
}

TEST(RealFiles, VoicesAreGuessedAsBachWroteThem) {
    const auto scores = read_scores("data/jsb-chorales/midi", ".mid", 1000);
    if (scores.empty()) GTEST_SKIP() << "data/jsb-chorales is absent (set SYMPHONY_SHARED)";
    const auto tokenizer = learn_tokenizer(scores, {.scheme = "note"});
    std::size_t notes = 0, right = 0;
    for (const score::Score& score : scores) {
        const score::Score decoded = tokenizer->decode(tokenizer->encode(score).ids);
        const score::Score written = score::quantised(score, tokenizer->steps_per_quarter());
        ASSERT_EQ(decoded.parts.size(), 4U);
        for (std::size_t p = 0; p < 4; ++p) {
            for (const score::Note& note : decoded.parts[p].notes) {
                const auto& voice = written.parts[p].notes;
                ++notes;
                right += std::any_of(voice.begin(), voice.end(), [&](const score::Note& n) {
                    return n.onset == note.onset && n.pitch == note.pitch;
                });
            }
        }
    }
    const double share = static_cast<double>(right) / static_cast<double>(notes);
    std::printf("%.1f %% of %zu notes in their own voice\n", 100 * share, notes);
    EXPECT_GT(share, 0.95);
}

}  // namespace
}  // namespace symphony::tokens
