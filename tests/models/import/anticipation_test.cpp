// The Anticipatory Music Transformer behind our stream of tokens, against its published way of
// feeding it: times relative to the window, three ids an event.
#include "symphony/models/anticipation_model.h"

#include "models/import/imported.h"
#include <gtest/gtest.h>

namespace symphony::models {
namespace {

// Of a small one: 12 times, 5 durations, 6 notes, two ids for what a sequence begins with.
constexpr int kTimes = 12, kNote = 17, kVocabulary = 25, kStart = 24;

ForeignModel network(int positions) {
    ForeignModel model = random_gpt2({.vocabulary = kVocabulary, .positions = positions});
    model.config["scale_attn_by_inverse_layer_idx"] = true;
    model.config["bos_token_id"] = kStart;
    return model;
}

AnticipationModel model_of(const ForeignModel& foreign) {
    const test_support::TemporaryFolder made;
    write_foreign(foreign, made.path);
    write_miditok_mark(made.path);
    ImportedModel imported = import_model(made.path);
    imported.config["bos_token_id"] = kStart;
    return {Transformer(TransformerConfig::from_json(imported.config), std::move(imported.weights)),
            kTimes};
}

struct Note {
    int time, duration, note;  // time from the start of the piece
};
const std::vector<Note> kNotes{{2, 1, 0}, {2, 3, 4}, {5, 0, 2}, {9, 4, 5}, {11, 1, 1}};

// The stream: times modulo kTimes.
std::vector<int> stream_of(const std::vector<Note>& notes) {
    std::vector<int> ids;
    for (const Note& n : notes)
        ids.insert(ids.end(), {n.time % kTimes, kTimes + n.duration, kNote + n.note});
    return ids;
}

// What the reference feeds before slot `slots` of the event after `whole` ones: times relative to
// the first event of those that are whole, and what there is of the new event relative to the same.
std::vector<int> fed(const std::vector<Note>& notes, std::size_t first, std::size_t whole,
                     int slots) {
    std::vector<int> ids{kStart};
    const int offset = whole > first ? notes[first].time : 0;
    for (std::size_t i = first; i < whole; ++i)
        ids.insert(ids.end(),
                   {notes[i].time - offset, kTimes + notes[i].duration, kNote + notes[i].note});
    if (slots > 0) ids.push_back(notes[whole].time - offset);
    if (slots > 1) ids.push_back(kTimes + notes[whole].duration);
    return ids;
}

std::vector<double> turned(std::vector<double> logits, int offset) {
    std::vector<double> out = logits;
    for (int r = 0; r < kTimes; ++r)
        out[std::size_t((offset + r) % kTimes)] = logits[std::size_t(r)];
    return out;
}

TEST(AnticipationModel, SaysWhatThePublishedFeedingGives) {
    const ForeignModel foreign = network(32);
    AnticipationModel model = model_of(foreign);
    const auto ids = stream_of(kNotes);
    const Rows ours = step_by_step(model, ids);
    double most = 0;
    for (std::size_t t = 0; t < ids.size(); ++t) {
        const std::size_t whole = t / 3;
        const int slot = static_cast<int>(t % 3);
        std::vector<double> expected = reference_gpt2(foreign, fed(kNotes, 0, whole, slot)).back();
        if (slot == 0) expected = turned(expected, whole > 0 ? kNotes.front().time : 0);
        most = std::max(most, off({ours[t]}, {expected}));
        // Times left as they are in the piece, or answers not turned back, would show.
        if (whole > 0 && slot == 0) {
            EXPECT_GT(off({ours[t]}, {turned(expected, 1)}), 1e-3) << t;
        }
    }
    EXPECT_LT(most, 1e-4);
}

TEST(AnticipationModel, TimesNotMadeRelativeWouldShow) {
    const ForeignModel foreign = network(32);
    AnticipationModel model = model_of(foreign);
    const auto ids = stream_of(kNotes);
    const Rows ours = step_by_step(model, ids);
    std::vector<int> raw{kStart};
    raw.insert(raw.end(), ids.begin(), ids.begin() + 7);
    EXPECT_GT(off({ours[7]}, {reference_gpt2(foreign, raw).back()}), 1e-3);
}

TEST(AnticipationModel, ReadingAtOnceIsReadingInTurn) {
    const ForeignModel foreign = network(32);
    AnticipationModel at_once = model_of(foreign), in_turn = model_of(foreign);
    std::vector<int> ids{kStart};
    for (const int id : stream_of(kNotes)) ids.push_back(id);
    for (const std::size_t length : {5, 9, 14, 15, 16}) {
        at_once.reset();
        in_turn.reset();
        const auto given = std::span(ids).first(length);
        const auto logits = at_once.read(given);
        std::span<const float> expected;
        for (const int id : given) expected = in_turn.next(id);
        EXPECT_LT(largest_difference(std::vector<float>(logits.begin(), logits.end()),
                                     {expected.begin(), expected.end()}),
                  1e-4)
            << length;
    }
}

TEST(AnticipationModel, AFullWindowLosesItsOldestHalfAndBeginsAtTimeZero) {
    // Room for five events: the sixth makes the first three go.
    const ForeignModel foreign = network(16);
    AnticipationModel model = model_of(foreign);
    std::vector<Note> notes = kNotes;
    notes.push_back({12, 2, 3});
    notes.push_back({13, 1, 0});
    const auto ids = stream_of(notes);
    const Rows ours = step_by_step(model, ids);
    EXPECT_LT(off({ours[16]}, {reference_gpt2(foreign, fed(notes, 3, 5, 1)).back()}), 1e-4);
    const auto expected = reference_gpt2(foreign, fed(notes, 3, 6, 0)).back();
    EXPECT_LT(off({ours[18]}, {turned(expected, notes[3].time)}), 1e-4);
}

TEST(AnticipationModel, AWindowSpansNoMoreTimeThanThereAreIds) {
    const ForeignModel foreign = network(32);
    AnticipationModel model = model_of(foreign);
    std::vector<Note> notes = kNotes;
    notes.push_back({20, 2, 3});  // 18 after the first: those before 9 must go
    const auto ids = stream_of(notes);
    const Rows ours = step_by_step(model, ids);
    EXPECT_LT(off({ours[16]}, {reference_gpt2(foreign, fed(notes, 3, 5, 1)).back()}), 1e-4);
}

TEST(AnticipationModel, ACopyGoesItsOwnWay) {
    const ForeignModel foreign = network(32);
    AnticipationModel model = model_of(foreign);
    const auto ids = stream_of(kNotes);
    const Rows alone = step_by_step(model, ids);
    model.reset();
    model.next(kStart);
    for (std::size_t t = 0; t < 7; ++t) model.next(ids[t]);
    const auto copy = model.copy();
    model.next(kTimes);
    const auto logits = copy->next(ids[7]);
    EXPECT_EQ(std::vector<float>(logits.begin(), logits.end()), alone[8]);
}

}  // namespace
}  // namespace symphony::models
