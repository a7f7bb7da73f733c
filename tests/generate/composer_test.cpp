#include "symphony/generate/composer.h"

#include "symphony/base/error.h"
#include "symphony/generate/chord_fit.h"
#include "symphony/generate/rule_book.h"
#include "symphony/models/random_weights.h"
#include "symphony/models/transformer.h"

#include "generate/count_model.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace symphony::generate {
namespace {

using testing::small_chorale;
using testing::SmallWorld;

class Compose : public ::testing::Test {
  protected:
    std::vector<Take> takes(const Request& request, int count, int threads = 1) const {
        return compose([&] { return world_.model(); }, *world_.tokenizer, request, count, threads,
                       base::silent_progress());
    }
    Request request(int bars) const {
        Request r;
        r.bars = bars;
        r.unseen = world_.unseen;
        return r;
    }
    Prime prime(const score::Score& source, int bars, int total) const {
        return make_prime(*world_.tokenizer, source, bars, total, "source.mid");
    }
    // One that learned nothing.
    models::Transformer network() const {
        models::TransformerConfig config;
        config.vocabulary_size = world_.tokenizer->vocabulary().size();
        config.hidden_size = 24;
        config.intermediate_size = 40;
        config.layers = config.heads = 2;
        config.context_length = 64;
        config.start_token = world_.tokenizer->end_token();
        return {config, models::random_weights(config), nn::WeightPrecision::kBf16};
    }
    SmallWorld world_;
};

TEST_F(Compose, TakesHaveTheBarsAskedForAndEndProperly) {
    for (const int bars : {1, 5, 24})
        for (const Take& take : takes(request(bars), 6)) {
            EXPECT_EQ(score::bars_of(take.score).size(), static_cast<std::size_t>(bars));
            EXPECT_TRUE(ends_properly(take.score, Close::kWhoeverIsLeft))
                << bars << " bars, take " << take.index;
            if (take.ending == "model") {
                EXPECT_EQ(take.ids.back(), world_.tokenizer->end_token());
            }
        }
}

TEST_F(Compose, SameSeedSameTakesAtAnyThreadCount) {
    const auto one = takes(request(6), 5, 1), three = takes(request(6), 5, 3);
    for (std::size_t i = 0; i < one.size(); ++i) EXPECT_EQ(one[i].ids, three[i].ids);
    EXPECT_NE(one[0].ids, one[1].ids);
    Request other = request(6);
    other.seed = 2;
    EXPECT_NE(takes(other, 1)[0].ids, one[0].ids);
    EXPECT_EQ(takes(request(6), 2)[1].ids, one[1].ids) << "a take does not depend on the count";
}

// A network that learned nothing finds no end by itself; led, its last bar comes to one.
TEST_F(Compose, TheLastBarIsLedToAnEnd) {
    const models::Transformer model = network();
    int led = 0;
    for (const Take& take : compose([&] { return model.copy(); }, *world_.tokenizer, request(3), 20,
                                    1, base::silent_progress())) {
        EXPECT_TRUE(ends_properly(take.score, Close::kWhoeverIsLeft)) << take.index;
        EXPECT_NE(take.ending, "held") << take.index;
        if (take.ending == "led") {
            ++led;
            EXPECT_GT(take.last_bar_attempts, 3);
        }
    }
    EXPECT_GT(led, 2);
}

// The tonic of the key drawn need not be of the scale asked for; then any last chord will do.
TEST_F(Compose, AnEndIsFoundWhereALawForbidsTheTonic) {
    Request asked = request(3);
    asked.key = score::Key{1, false};
    generate::RuleBook book;
    book.scale = "Gb major pentatonic";
    asked.laws = book.laws();
    for (const Take& take : takes(asked, 6)) {
        EXPECT_TRUE(ends_properly(take.score, Close::kWhoeverIsLeft)) << take.index;
        EXPECT_NE(take.ending, "held") << take.index;
    }
}

// Seven threads give each take a model of its own; one thread reads all seven together.
TEST_F(Compose, ANetworksTakeIsTheSameAloneAndAmongOthers) {
    const models::Transformer model = network();
    Request asked = request(4);
    asked.prime = prime(small_chorale(8, {4, 4}, {}, 1), 1, 4);
    const auto made = [&](int count, int threads) {
        return compose([&] { return model.copy(); }, *world_.tokenizer, asked, count, threads,
                       base::silent_progress());
    };
    const auto together = made(7, 1), alone = made(7, 7), few = made(2, 1);
    for (std::size_t i = 0; i < together.size(); ++i) EXPECT_EQ(together[i].ids, alone[i].ids);
    for (std::size_t i = 0; i < few.size(); ++i) EXPECT_EQ(few[i].ids, together[i].ids);
    EXPECT_NE(together[0].ids, together[1].ids);
}

// Names parts and asks for long notes whenever it may.
class Stubborn : public testing::CountModel {
  public:
    explicit Stubborn(const tokens::Tokenizer& tokenizer)
        : CountModel(tokenizer.vocabulary().size(), tokenizer.end_token()), tokenizer_(tokenizer) {}
    std::span<const float> next(int) override {
        logits_.clear();
        for (int id = 0; id < vocabulary_size(); ++id) {
            const std::string& name = tokenizer_.vocabulary().name(id);
            const bool wanted = name.starts_with("Part_") || name.starts_with("Position_");
            logits_.push_back((wanted ? 50.0F : 0.0F) + 0.01F * static_cast<float>(id));
        }
        return logits_;
    }

  private:
    const tokens::Tokenizer& tokenizer_;
    std::vector<float> logits_;
};

// With one pitch left, a part that sounds it may be named but can play nothing: the name is a dead
// end that the grammar does not see. The likeliest token alone would walk into it for ever.
TEST_F(Compose, TokensThatLeadNowhereAreTakenBack) {
    Request narrow = request(6);
    narrow.sampler.top_k = 1;
    const auto& vocabulary = world_.tokenizer->vocabulary();
    int pitches = 0;
    for (int id = 0; id < vocabulary.size(); ++id)
        if (vocabulary.name(id).starts_with("Pitch_") && pitches++ > 0)
            narrow.unseen[static_cast<std::size_t>(id)] = 1;
    ASSERT_GT(pitches, 4);
    const auto made = compose([&] { return std::make_unique<Stubborn>(*world_.tokenizer); },
                              *world_.tokenizer, narrow, 1, 1, base::silent_progress());
    EXPECT_EQ(score::bars_of(made[0].score).size(), 6U);
    for (const int id : made[0].ids) EXPECT_FALSE(narrow.unseen[static_cast<std::size_t>(id)]);
}

TEST_F(Compose, UnseenIdsNeverCome) {
    Request hot = request(8);
    hot.sampler.temperature = 50;
    for (const Take& take : takes(hot, 3))
        for (const int id : take.ids)
            EXPECT_FALSE(world_.unseen[static_cast<std::size_t>(id)])
                << world_.tokenizer->vocabulary().name(id);
}

TEST_F(Compose, AskedKeyAndMeterAreTaken) {
    Request asked = request(4);
    asked.key = score::Key{1, false};
    asked.meter = score::Meter{3, 4};
    for (const Take& take : takes(asked, 5)) {
        ASSERT_EQ(take.score.keys.size(), 1u);
        EXPECT_EQ(take.score.keys[0].key, *asked.key);
        for (const auto& change : take.score.meters) EXPECT_EQ(change.meter, *asked.meter);
    }
}

TEST_F(Compose, WhatTheModelNeverSawIsNamed) {
    Request asked = request(4);
    asked.meter = score::Meter{7, 8};
    try {
        takes(asked, 1);
        FAIL() << "7/8 was accepted";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kUsage);
        EXPECT_NE(error.message.find("7/8"), std::string::npos);
        EXPECT_NE(error.hint.find("3/4"), std::string::npos) << error.hint;
    }
    Request distant = request(4);
    distant.key = score::Key{-6, false};
    EXPECT_THROW(takes(distant, 1), base::Error);
}

TEST_F(Compose, APrimeIsKeptAndGoneOnFrom) {
    const auto source = small_chorale(9, {3, 4}, {1, false}, 2);
    Request primed = request(8);
    primed.prime = prime(source, 3, 8);
    EXPECT_EQ(primed.prime->bars, 3);
    const Take take = takes(primed, 1)[0];
    EXPECT_EQ(score::bars_of(take.score).size(), 8u);
    EXPECT_EQ(take.score.keys[0].key, (score::Key{1, false}));
    EXPECT_EQ(take.score.meters[0].meter, (score::Meter{3, 4}));
    ASSERT_EQ(take.score.parts.size(), 4u);
    const auto opening = [](const score::Score& score) {
        std::multiset<std::pair<double, int>> notes;
        for (const auto& part : score.parts)
            for (const auto& note : part.notes) {
                const double at = static_cast<double>(note.onset.value) / score.ticks_per_quarter;
                if (at < 9) notes.emplace(at, note.pitch);
            }
        return notes;
    };
    EXPECT_EQ(opening(take.score), opening(source));
    EXPECT_GT(take.score.note_count(), opening(source).size()) << "it goes on";
}

TEST_F(Compose, APrimeKeepsItsExactTempos) {
    auto source = small_chorale(9, {3, 4}, {1, false}, 2);
    source.tempos = {{score::Ticks(0), 131.5}, {score::Ticks(2 * 72), 97.25}};
    ASSERT_EQ(world_.tokenizer->tempo_token(131.5), -1);
    Request primed = request(8);
    primed.prime = prime(source, 3, 8);
    EXPECT_FALSE(primed.prime->losses.contains("tempo-replaced")) << "it is not lost";
    const Take take = takes(primed, 1)[0];
    ASSERT_EQ(take.score.tempos.size(), 2u);
    EXPECT_EQ(take.score.tempos[0].quarters_per_minute, 131.5);
    EXPECT_EQ(take.score.tempos[1].quarters_per_minute, 97.25);
    EXPECT_EQ(take.score.tempos[1].onset, score::Ticks(6 * take.score.ticks_per_quarter));
    primed.tempo_bpm = 60;
    EXPECT_THROW(takes(primed, 1), base::Error) << "two tempos at once";
    source.tempos.clear();
    primed.prime = prime(source, 3, 8);
    EXPECT_NO_THROW(takes(primed, 1)) << "a prime without a tempo leaves it to the user";
}

TEST_F(Compose, APrimeInAnUnknownMetreIsRefused) {
    try {
        prime(small_chorale(9, {5, 4}, {0, false}, 2), 3, 8);
        FAIL() << "5/4 was taken for another metre";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kInput);
        EXPECT_NE(error.message.find("5/4"), std::string::npos) << error.message;
        EXPECT_EQ(error.hint, "it knows 3/4, 4/4");
    }
}

TEST_F(Compose, WhatAPrimeLosesIsSaid) {
    auto source = small_chorale(9, {3, 4}, {1, false}, 2);
    source.parts[3].notes[1].pitch = 2;
    Request primed = request(8);
    primed.prime = prime(source, 3, 8);
    EXPECT_EQ(primed.prime->losses.at("pitch-dropped"), 1);
    EXPECT_EQ(takes(primed, 1)[0].prime_losses, primed.prime->losses);
}

// A vocabulary learned on more music than the model: its words are there, but were never trained.
TEST_F(Compose, APrimeWithAPartThatWasNeverTrainedIsRefused) {
    const auto source = small_chorale(9, {3, 4}, {1, false}, 2);
    const auto& vocabulary = world_.tokenizer->vocabulary();
    std::vector<std::uint8_t> unseen(world_.unseen);
    EXPECT_NO_THROW(make_prime(*world_.tokenizer, source, 3, 8, "source.mid", unseen));
    for (int id = 0; id < vocabulary.size(); ++id)
        if (vocabulary.name(id).starts_with("Part_Tenor")) unseen[static_cast<std::size_t>(id)] = 1;
    ASSERT_NE(unseen, world_.unseen);
    EXPECT_THROW(make_prime(*world_.tokenizer, source, 3, 8, "source.mid", unseen), base::Error);
}

// A bar of which tokens are taken back is read again without being asked about: they still count.
TEST_F(Compose, ABarIsAsLongAfterItWasReadAgain) {
    const auto ids = world_.tokenizer->encode(small_chorale(9, {3, 4}, {1, false}, 2)).ids;
    const auto rule = limit_bar_length(/*limit=*/5, *world_.tokenizer);
    const auto grammar = world_.tokenizer->grammar();
    std::size_t read = 0;
    for (int tokens_in_bar = -1; tokens_in_bar < 6; ++read) {
        grammar->step(ids[read]);
        rule->step(ids[read]);
        tokens_in_bar += tokens_in_bar >= 0 || grammar->bars_begun() == 1;
    }
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(world_.tokenizer->vocabulary().size()),
                                   1);
    rule->apply({*world_.tokenizer, *grammar, {ids.data(), read}}, mask);
    const auto leaving = bar_tokens(*world_.tokenizer).size() + 1;  // and the end token
    EXPECT_EQ(std::count(mask.begin(), mask.end(), 1), static_cast<std::ptrdiff_t>(leaving));
}

TEST_F(Compose, PrimesThatCannotBeKeptAreRefused) {
    auto source = small_chorale(6, {4, 4}, {0, false}, 0);
    EXPECT_THROW(prime(source, 6, 6), base::Error) << "no bar left";
    Request both = request(8);
    both.prime = prime(source, 2, 8);
    both.key = score::Key{1, false};
    EXPECT_THROW(takes(both, 1), base::Error);
    source.parts[1].program = 40;
    try {
        prime(source, 2, 6);
        FAIL() << "a violin was accepted";
    } catch (const base::Error& error) {
        EXPECT_EQ(error.kind, base::ErrorKind::kInput);
        EXPECT_NE(error.message.find("Violin"), std::string::npos) << error.message;
        EXPECT_FALSE(error.hint.empty());
    }
    for (auto& part : source.parts) part.notes.clear();
    EXPECT_THROW(prime(source, 2, 6), base::Error);
}

TEST(ComposeNote, TheNoteSchemeComposesAndReportsItsChords) {
    const SmallWorld world("note");
    Request request;
    request.bars = 6;
    request.unseen = world.unseen;
    const auto takes = compose([&] { return world.model(); }, *world.tokenizer, request, 3, 1,
                               base::silent_progress());
    for (const Take& take : takes) {
        EXPECT_EQ(score::bars_of(take.score).size(), 6u);
        const auto fit = chord_fit(*world.tokenizer, take.ids);
        ASSERT_TRUE(fit);
        EXPECT_GE(fit->notes, fit->fitting);
        EXPECT_GT(fit->notes, 0);
    }
    EXPECT_FALSE(chord_fit(*SmallWorld("remi").tokenizer, {}));
}

}  // namespace
}  // namespace symphony::generate
