// Gaps, accompaniments and variations: what is open is composed, everything else stays.
#include "symphony/generate/gap.h"

#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/generate/take_record.h"
#include "symphony/generate/take_writer.h"
#include "symphony/generate/variation.h"
#include "symphony/io/midi_reader.h"
#include "symphony/io/midi_writer.h"

#include "generate/count_model.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

namespace symphony::generate {
namespace {

using score::Ticks;
using testing::SmallWorld;

struct World : SmallWorld {
    World() : SmallWorld("remi", {.given = true}) {}
    const tokens::StreamTokenizer& stream() const {
        return dynamic_cast<const tokens::StreamTokenizer&>(*tokenizer);
    }
    Take filled(const score::Score& source, const Gap& gap, std::uint64_t seed) const {
        const GapPlan plan(stream(), source, gap, "source", unseen);
        Request request;
        request.seed = seed;
        request.unseen = unseen;
        plan.ask(request);
        Take take = std::move(
            compose([&] { return model(); }, *tokenizer, request, 1, 1, base::silent_progress())
                .front());
        take.score = plan.filled(take);
        return take;
    }
};

// At a resolution of its own, with times off the grid, a pedal, a bend and a text.
score::Score source_piece(int bars) {
    score::Score score = testing::small_chorale(bars, {4, 4}, {0, false}, 1);
    for (auto& part : score.parts)
        for (auto& note : part.notes) {
            note.onset = Ticks(note.onset.value * 20 + 3);
            note.duration = Ticks(note.duration.value * 20 - 7);
        }
    score.ticks_per_quarter = 480;
    score.bars.clear();
    for (int b = 0; b < bars; ++b) score.bars.push_back({Ticks(1920 * b), Ticks(1920), {4, 4}});
    score.parts[1].controls = {{Ticks(100), 64, 127}, {Ticks(2500), 64, 0}};
    score.parts[2].bends = {{Ticks(700), 200}};
    score.texts = {{Ticks(960), score::TextKind::kText, "dolce"}};
    return score;
}

int bar_of(const score::Note& note) { return static_cast<int>(note.onset.value / 1920); }

score::Score without_open(score::Score score, const Gap& gap) {
    for (std::size_t p = 0; p < score.parts.size(); ++p)
        std::erase_if(score.parts[p].notes, [&](const score::Note& note) {
            return static_cast<bool>(gap.open[static_cast<std::size_t>(bar_of(note))][p]);
        });
    return score;
}

Gap random_gap(base::Rng& rng, std::size_t bars, std::size_t parts) {
    Gap gap;
    gap.open.assign(bars, std::vector<bool>(parts, false));
    const std::size_t first = rng.below(bars), length = 1 + rng.below(bars - first);
    bool any = false;
    while (!any)
        for (std::size_t p = 0; p < parts; ++p) {
            if (rng.below(2) == 0) continue;
            any = true;
            for (std::size_t b = first; b < first + length; ++b) gap.open[b][p] = rng.below(5) > 0;
            gap.open[first][p] = true;
        }
    return gap;
}

TEST(Gap, NothingOutsideRandomFillsDiffers) {
    const World world;
    // SYMPHONY_FILLS=200 for the figure in docs/generation.md.
    const char* asked = std::getenv("SYMPHONY_FILLS");
    const int fills = asked ? std::atoi(asked) : 60;
    int changed = 0;
    for (int i = 0; i < fills; ++i) {
        base::Rng rng(3, "fills", static_cast<std::uint64_t>(i));
        const score::Score source = source_piece(3 + static_cast<int>(rng.below(6)));
        const Gap gap = random_gap(rng, source.bars.size(), source.parts.size());
        const Take take = world.filled(source, gap, static_cast<std::uint64_t>(i));
        ASSERT_EQ(take.score.parts.size(), source.parts.size());
        // As scores, and as files that were written and read.
        EXPECT_EQ(without_open(take.score, gap), without_open(source, gap)) << i;
        const auto file = [&](const score::Score& score) {
            const std::string whole = io::format_midi(score, io::Mix::kAsStated).value();
            const score::Score read = io::parse_midi(whole, "x").value().score;
            return io::format_midi(without_open(read, gap), io::Mix::kAsStated).value();
        };
        EXPECT_EQ(file(take.score), file(source)) << i;
        changed += take.score != source;
        // New notes end inside the open bars that they are in.
        for (std::size_t p = 0; p < source.parts.size(); ++p)
            for (const score::Note& note : take.score.parts[p].notes)
                if (gap.open[static_cast<std::size_t>(bar_of(note))][p]) {
                    int until = bar_of(note);
                    while (until + 1 < static_cast<int>(gap.open.size()) &&
                           gap.open[static_cast<std::size_t>(until + 1)][p])
                        ++until;
                    EXPECT_LE(note.end().value, 1920 * (until + 1));
                }
    }
    EXPECT_GT(changed, fills * 8 / 10);
}

TEST(Gap, RulesHoldInsideIt) {
    const World world;
    const score::Score source = source_piece(8);
    Gap gap;
    gap.open.assign(8, std::vector<bool>(4, false));
    for (int b = 2; b < 5; ++b) gap.open[static_cast<std::size_t>(b)] = {true, true, true, true};
    const GapPlan plan(world.stream(), source, gap, "source", world.unseen);
    TakeRecord record;
    record.settings = {{"rules", {{"scale", "Eb minor pentatonic"}}}};
    Request request;
    plan.ask(request);
    request.laws.push_back(keep_to_scale(parse_scale("Eb minor pentatonic")));
    Take take = std::move(compose([&] { return world.model(); }, *world.tokenizer, request, 1, 1,
                                  base::silent_progress())
                              .front());
    const score::Score filled = plan.filled(take);
    record.open = plan.open_cells(filled);
    EXPECT_FALSE(first_breach(filled, promise_of(record)));
    record.open.push_back({5, 0});  // a bar of the source, which is not in that scale
    const auto breach = first_breach(filled, promise_of(record));
    ASSERT_TRUE(breach);
    EXPECT_EQ(breach->bar, 6);
}

TEST(Gap, AnAccompanimentAddsThePlayersAskedFor) {
    const World world;
    score::Score melody = source_piece(6);
    melody.parts.resize(1);
    Gap gap;
    gap.open.assign(6, std::vector<bool>(1, false));
    gap.added = {"Bass", "Tenor"};
    const Take take = world.filled(melody, gap, 4);
    ASSERT_EQ(take.score.parts.size(), 3u);
    EXPECT_EQ(take.score.parts[0], melody.parts[0]);
    EXPECT_EQ(take.score.parts[1].name, "Bass");
    EXPECT_GT(take.score.parts[1].notes.size(), 5u);
    EXPECT_GT(take.score.parts[2].notes.size(), 5u);
    // The model's own choice: one player at least, two at most.
    gap.added.clear();
    gap.most_chosen = 2;
    for (std::uint64_t seed = 0; seed < 5; ++seed) {
        const std::size_t parts = world.filled(melody, gap, seed).score.parts.size();
        EXPECT_GE(parts, 2u);
        EXPECT_LE(parts, 3u);
    }
}

TEST(Gap, AFillIsMadeAgainFromWhatItLeft) {
    const World world;
    const score::Score source = source_piece(7);
    Gap gap;
    gap.open.assign(7, std::vector<bool>(4, false));
    gap.open[3] = {true, false, true, false};
    gap.open[4] = {true, true, true, true};
    const score::Score first = world.filled(source, gap, 8).score;
    EXPECT_EQ(world.filled(first, gap, 8).score, first);
    EXPECT_NE(world.filled(first, gap, 9).score, first);
}

TEST(Gap, WhatCannotBeFilledIsSaid) {
    const World world;
    const score::Score source = source_piece(4);
    Gap gap;
    gap.open.assign(4, std::vector<bool>(4, false));
    EXPECT_THROW(GapPlan(world.stream(), source, gap, "source", {}), base::Error);
    gap.open[1][0] = true;
    const SmallWorld plain;
    EXPECT_THROW(GapPlan(dynamic_cast<const tokens::StreamTokenizer&>(*plain.tokenizer), source,
                         gap, "source", {}),
                 base::Error);
    score::Score tuba = source;
    for (auto& part : tuba.parts) part.program = 58;
    EXPECT_THROW(GapPlan(world.stream(), tuba, gap, "source", {}), base::Error);
}

TEST(Variation, IsAsFarAsAsked) {
    const World world;
    const score::Score source = source_piece(12);
    for (const double distance : {0.1, 0.3, 0.6}) {
        const Variation variation = vary(source, distance, 1, 2, [&](const Gap& gap) {
            Take take = world.filled(source, gap, 6);
            score::Score filled = take.score;
            return std::pair(std::move(take), std::move(filled));
        });
        EXPECT_NEAR(variation.distance, distance, 0.05);
        EXPECT_EQ(variation.distance, note_distance(source, variation.score));
    }
    EXPECT_EQ(note_distance(source, source), 0);
}

TEST(TakeRecord, ComesBackFromAFile) {
    TakeRecord record;
    record.version = "1.2.3";
    record.verb = "fill";
    record.seed = 12;
    record.take = 3;
    record.settings = {{"bars", "3-4"}};
    record.parent = "song.mid";
    record.parent_sha256 = "ab";
    record.open = {{2, 0}, {3, 1}};
    record.roles = {score::Role::kMelody, score::Role::kBass};
    score::Score score = source_piece(4);
    score.texts.push_back({Ticks(0), score::TextKind::kText, record_text(record)});
    score::sort_events(score);
    score::Score read = io::parse_midi(io::format_midi(score).value(), "x").value().score;
    EXPECT_EQ(record_of(read, "x")->to_json(), record.to_json());
    remove_record(read);
    EXPECT_FALSE(record_of(read, "x"));
    EXPECT_EQ(read.texts.size(), 1u);  // dolce stays
    read.texts.push_back({Ticks(0), score::TextKind::kText, "symphony-take {\"seed\":1}"});
    EXPECT_THROW(record_of(read, "x"), base::Error);
}

}  // namespace
}  // namespace symphony::generate
