// Which control changes, bends and program changes of a piece come back, each loss put in by hand.
#include "symphony/tokens/event_matching.h"

#include <gtest/gtest.h>

namespace symphony::tokens {
namespace {

using score::Ticks;

// Four quarters at 480 ticks, the first a quarter into the piece.
score::Score piece(std::vector<score::ControlChange> controls) {
    score::Score score;
    score.ticks_per_quarter = 480;
    score.parts.resize(1);
    for (int n = 1; n <= 4; ++n)
        score.parts[0].notes.push_back(
            {.onset = Ticks(480 * n), .duration = Ticks(480), .pitch = 60, .velocity = 70});
    score.parts[0].controls = std::move(controls);
    return score;
}

EventsKept kept(std::vector<score::ControlChange> before, std::vector<score::ControlChange> after) {
    return compare_events(piece(std::move(before)), piece(std::move(after)), Clock::kBeats);
}

TEST(EventMatching, RepeatsSayNothing) {
    const EventsKept events = kept({{Ticks(480), 7, 110},
                                    {Ticks(600), 7, 110},
                                    {Ticks(700), 7, 90},
                                    {Ticks(480), 64, 0},
                                    {Ticks(500), 64, 90},
                                    {Ticks(510), 64, 127},
                                    {Ticks(700), 64, 20}},
                                   {});
    EXPECT_EQ(events.controls.all, 2);
    EXPECT_EQ(events.pedals.all, 2);  // down once, up once
    EXPECT_EQ(events.pedals.kept + events.controls.kept, 0);
}

TEST(EventMatching, ValuesAndTimesMustBeNear) {
    // An eighth of a quarter is 60 ticks.
    EXPECT_EQ(kept({{Ticks(960), 7, 90}}, {{Ticks(1020), 7, 82}}).controls.kept, 1);
    EXPECT_EQ(kept({{Ticks(960), 7, 90}}, {{Ticks(960), 7, 81}}).controls.kept, 0);
    EXPECT_EQ(kept({{Ticks(960), 7, 90}}, {{Ticks(1021), 7, 90}}).controls.kept, 0);
    EXPECT_EQ(kept({{Ticks(960), 7, 90}}, {{Ticks(960), 10, 90}}).controls.kept, 0);
    EXPECT_EQ(kept({{Ticks(960), 64, 127}}, {{Ticks(960), 64, 70}}).pedals.kept, 1);
    EXPECT_EQ(kept({{Ticks(960), 64, 127}}, {{Ticks(960), 64, 10}}).pedals.kept, 0);
    // Before the first note is with the first note.
    EXPECT_EQ(kept({{Ticks(0), 7, 90}}, {{Ticks(480), 7, 90}}).controls.kept, 1);
}

TEST(EventMatching, WhatGeneralMidiBeginsWithSaysNothing) {
    const EventsKept events = kept({{Ticks(0), 7, 100},
                                    {Ticks(0), 10, 64},
                                    {Ticks(0), 11, 127},
                                    {Ticks(0), 1, 0},
                                    {Ticks(960), 10, 20},
                                    {Ticks(1440), 10, 64}},
                                   {});
    EXPECT_EQ(events.controls.all, 2);
}

TEST(EventMatching, EachIsUsedOnce) {
    const EventsKept events =
        kept({{Ticks(960), 11, 100}, {Ticks(970), 11, 104}}, {{Ticks(965), 11, 102}});
    EXPECT_EQ(events.controls.all, 2);
    EXPECT_EQ(events.controls.kept, 1);
}

TEST(EventMatching, AnotherPartWillDo) {
    const score::Score before = piece({{Ticks(960), 64, 127}});
    score::Score after = piece({});
    after.parts.push_back(after.parts[0]);
    after.parts[1].controls = {{Ticks(960), 64, 127}};
    EXPECT_EQ(compare_events(before, after, Clock::kBeats).pedals.kept, 1);
}

TEST(EventMatching, OnTheClockOfSeconds) {
    const score::Score before = piece({{Ticks(960), 64, 127}});  // one second
    score::Score after = piece({{Ticks(480), 64, 127}});         // at half the tempo the same
    after.tempos = {{Ticks(0), 60}};
    EXPECT_EQ(compare_events(before, after, Clock::kSeconds).pedals.kept, 1);
    EXPECT_EQ(compare_events(before, after, Clock::kBeats).pedals.kept, 0);
    EXPECT_EQ(compare_events(before, after, Clock::kBeats, 1).pedals.kept, 1);
}

TEST(EventMatching, BendsAndPrograms) {
    score::Score before = piece({}), after = piece({});
    before.parts[0].program = after.parts[0].program = 40;
    before.parts[0].bends = {{Ticks(480), 0}, {Ticks(960), 4000}, {Ticks(1200), 0}};
    after.parts[0].bends = {{Ticks(960), 4500}};
    before.parts[0].programs = {{Ticks(480), 40}, {Ticks(960), 41}, {Ticks(1440), 40}};
    after.parts[0].programs = {{Ticks(960), 41}, {Ticks(1440), 45}};
    const EventsKept events = compare_events(before, after, Clock::kBeats);
    EXPECT_EQ(events.bends.all, 2);  // no bend at the start is none
    EXPECT_EQ(events.bends.kept, 1);
    EXPECT_EQ(events.programs.all, 2);  // the part began with 40
    EXPECT_EQ(events.programs.kept, 1);
}

}  // namespace
}  // namespace symphony::tokens
