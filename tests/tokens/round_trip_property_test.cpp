// decode(encode(x)) is the quantised x, for random music in both schemes.
#include "symphony/score/transform.h"
#include "symphony/tokens/stream_tokenizer.h"

#include "tokens/random_score.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <tuple>

namespace symphony::tokens {
namespace {

constexpr int kScores = 150;

using NoteValues = std::tuple<std::int64_t, std::int64_t, int, int>;

std::vector<NoteValues> note_values(const score::Part& part, bool with_velocity = true) {
    std::vector<NoteValues> notes;
    for (const score::Note& n : part.notes)
        notes.push_back({n.onset.value, n.duration.value, n.pitch, with_velocity ? n.velocity : 0});
    std::sort(notes.begin(), notes.end());
    return notes;
}

std::vector<score::Part> parts_with_notes(const score::Score& score) {
    std::vector<score::Part> parts;
    for (const score::Part& part : score.parts)
        if (!part.notes.empty()) parts.push_back(part);
    return parts;
}

// Equal values that follow each other say nothing new.
template <class Event, class Value>
std::vector<std::pair<std::int64_t, Value>> changes(const std::vector<Event>& events,
                                                    Value Event::*value) {
    std::vector<std::pair<std::int64_t, Value>> result;
    for (const Event& event : events) {
        if (!result.empty() && result.back().first == event.onset.value) result.pop_back();
        if (result.empty() || result.back().second != event.*value)
            result.push_back({event.onset.value, event.*value});
    }
    return result;
}

TEST(RoundTrip, RemiGivesEachPartsNotesBack) {
    const auto scores = tests::random_scores(kScores, {.tidy = true});
    const auto tokenizer = learn_tokenizer(scores, {.scheme = "remi"});
    ASSERT_EQ(tokenizer->steps_per_quarter(), 12);
    for (const score::Score& score : scores) {
        const Encoded encoded = tokenizer->encode(score);
        const score::Score decoded = tokenizer->decode(encoded.ids);
        const score::Score expected = score::quantised(score, 12);
        const auto parts = parts_with_notes(expected);
        if (parts.empty()) continue;
        ASSERT_EQ(decoded.parts.size(), parts.size());
        for (std::size_t p = 0; p < parts.size(); ++p) {
            EXPECT_EQ(note_values(decoded.parts[p]), note_values(parts[p]));
            EXPECT_EQ(decoded.parts[p].program, parts[p].program);
            EXPECT_EQ(decoded.parts[p].is_drums, parts[p].is_drums);
            EXPECT_EQ(decoded.parts[p].role, parts[p].role);
            EXPECT_EQ(name_class(decoded.parts[p].name),
                      parts[p].is_drums ? "" : name_class(parts[p].name));
        }
        EXPECT_EQ(decoded.bars, score::bars_of(expected));
        EXPECT_EQ(changes(decoded.tempos, &score::TempoChange::quarters_per_minute).size(),
                  changes(expected.tempos, &score::TempoChange::quarters_per_minute).size());
        if (!expected.keys.empty()) {
            EXPECT_EQ(changes(decoded.keys, &score::KeyChange::key),
                      changes(expected.keys, &score::KeyChange::key));
        }
        for (const auto& [code, count] : encoded.losses)
            EXPECT_TRUE(code == "tempo-rounded" || code == "empty-part-dropped") << code;
        EXPECT_EQ(encoded.source_notes, static_cast<std::int64_t>(score.note_count()));
    }
}

TEST(RoundTrip, NoteGivesTheMergedNotesBack) {
    const auto scores = tests::random_scores(kScores, {.tidy = true});
    const auto tokenizer = learn_tokenizer(scores, {.scheme = "note"});
    for (const score::Score& score : scores) {
        const Encoded encoded = tokenizer->encode(score);
        const score::Score decoded = tokenizer->decode(encoded.ids);
        const score::Score expected = score::quantised(score, 12);
        std::int64_t pitched = 0, drums = 0, kept = 0;
        std::vector<std::tuple<std::int64_t, int>> struck, struck_expected;
        for (const score::Part& part : expected.parts) {
            (part.is_drums ? drums : pitched) += static_cast<std::int64_t>(part.notes.size());
            if (part.is_drums) continue;
            for (const score::Note& n : part.notes)
                struck_expected.push_back({n.onset.value, n.pitch});
        }
        for (const score::Part& part : decoded.parts) {
            kept += static_cast<std::int64_t>(part.notes.size());
            for (const score::Note& n : part.notes) struck.push_back({n.onset.value, n.pitch});
        }
        // Every pitch struck anywhere is struck in the merged stream, unisons once.
        std::sort(struck.begin(), struck.end());
        std::sort(struck_expected.begin(), struck_expected.end());
        struck_expected.erase(std::unique(struck_expected.begin(), struck_expected.end()),
                              struck_expected.end());
        EXPECT_EQ(struck, struck_expected);
        const auto loss = [&](const char* code) {
            const auto found = encoded.losses.find(code);
            return found == encoded.losses.end() ? 0 : found->second;
        };
        EXPECT_EQ(loss("drums-dropped"), drums);
        EXPECT_EQ(loss("unison-merged"), pitched - kept);
    }
}

// What the vocabulary cannot say is brought to what it can; from there on nothing changes.
TEST(RoundTrip, EncodingIsIdempotentForUnseenAndUntidyMusic) {
    for (const std::string scheme : {"note", "remi"}) {
        const auto known = tests::random_scores(8);
        const auto tokenizer = learn_tokenizer(known, {.scheme = scheme});
        for (std::uint64_t seed = 1000; seed < 1100; ++seed) {
            const score::Score score = tests::random_score(seed);
            const Encoded once = tokenizer->encode(score);
            const score::Score decoded = tokenizer->decode(once.ids);
            const Encoded twice = tokenizer->encode(decoded);
            EXPECT_EQ(once.ids, twice.ids) << scheme << " seed " << seed;
            EXPECT_EQ(tokenizer->decode(twice.ids), decoded);
        }
    }
}

TEST(RoundTrip, SourcesPointAtTheNotesTheyName) {
    const auto scores = tests::random_scores(20);
    const auto tokenizer = learn_tokenizer(scores, {.scheme = "remi"});
    for (const score::Score& score : scores) {
        const Encoded encoded = tokenizer->encode(score);
        ASSERT_EQ(encoded.ids.size(), encoded.sources.size());
        for (std::size_t i = 0; i < encoded.ids.size(); ++i) {
            const std::string& name = tokenizer->vocabulary().name(encoded.ids[i]);
            if (!name.starts_with("Pitch_") && !name.starts_with("Drum_")) continue;
            const TokenSource source = encoded.sources[i];
            const auto& note = score.parts.at(static_cast<std::size_t>(source.part))
                                   .notes.at(static_cast<std::size_t>(source.note));
            EXPECT_EQ(name.substr(name.find('_') + 1), std::to_string(note.pitch));
        }
    }
}

TEST(RoundTrip, VocabularyDoesNotDependOnTheOrderOfFiles) {
    auto scores = tests::random_scores(30);
    for (const std::string scheme : {"note", "remi"}) {
        const auto forwards = learn_tokenizer(scores, {.scheme = scheme})->to_json();
        std::reverse(scores.begin(), scores.end());
        EXPECT_EQ(learn_tokenizer(scores, {.scheme = scheme})->to_json(), forwards);
    }
}

}  // namespace
}  // namespace symphony::tokens
