// The grammar accepts whatever encode writes, and whatever it accepts decodes to a valid piece.
#include "symphony/base/rng.h"
#include "symphony/tokens/stream_tokenizer.h"

#include "tokens/grammar_walk.h"
#include "tokens/random_score.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace symphony::tokens {
namespace {

// With equal chances, steered home after `length` tokens.
std::vector<TokenId> walk_to_the_end(const Tokenizer& tokenizer, std::uint64_t seed,
                                     std::size_t length) {
    return tests::random_walk(
        tokenizer, seed, 20 * length,
        [&](const Grammar&, std::span<const TokenId> walked, const std::vector<TokenId>& legal,
            base::Rng& rng) {
            TokenId next = legal[rng.below(legal.size())];
            if (walked.size() > length)
                for (const TokenId id : legal)
                    if (const std::string& name = tokenizer.vocabulary().name(id);
                        name == "End" || (name.starts_with("Bar_") && name != "Bar_more"))
                        next = id;
            return next;
        });
}

void expect_valid(const score::Score& score) {
    score::Ticks at;
    for (const score::Bar& bar : score.bars) {
        EXPECT_EQ(bar.onset, at);
        EXPECT_GT(bar.length, score::Ticks(0));
        at += bar.length;
    }
    EXPECT_LE(score.end(), at);
    for (const score::Part& part : score.parts) {
        std::array<score::Ticks, score::kPitches> end{};
        for (const score::Note& note : part.notes) {
            EXPECT_GT(note.duration, score::Ticks(0));
            EXPECT_LE(end[note.pitch], note.onset) << "struck while it sounds";
            end[note.pitch] = note.end();
        }
    }
}

class EachScheme : public testing::TestWithParam<std::string> {};

TEST_P(EachScheme, AcceptsEveryEncodedPiece) {
    const auto scores = tests::random_scores(120);
    const auto tokenizer = learn_tokenizer(scores, {.scheme = GetParam()});
    for (const score::Score& score : scores) {
        ASSERT_TRUE(tests::grammar_takes(*tokenizer, tokenizer->encode(score).ids));
    }
}

TEST_P(EachScheme, RandomWalksAreValidPieces) {
    for (const int corpus : {1, 3, 20}) {
        const auto scores = tests::random_scores(corpus);
        const auto tokenizer = learn_tokenizer(scores, {.scheme = GetParam()});
        for (std::uint64_t seed = 0; seed < 60; ++seed) {
            const auto ids = walk_to_the_end(*tokenizer, seed, 300);
            ASSERT_EQ(ids.back(), tokenizer->end_token());
            const score::Score decoded = tokenizer->decode(ids);
            expect_valid(decoded);
            const auto again = tokenizer->encode(decoded);
            EXPECT_TRUE(tests::grammar_takes(*tokenizer, again.ids));
            EXPECT_EQ(tokenizer->decode(again.ids).note_count(), decoded.note_count());
            EXPECT_EQ(tokenizer->decode(again.ids).bars, decoded.bars);
        }
    }
}

TEST_P(EachScheme, CutAndShuffledSequencesDecode) {
    const auto scores = tests::random_scores(10);
    const auto tokenizer = learn_tokenizer(scores, {.scheme = GetParam()});
    base::Rng rng(1, "cut");
    for (const score::Score& score : scores) {
        auto ids = tokenizer->encode(score).ids;
        for (std::size_t length = 0; length <= ids.size(); length += 1 + ids.size() / 20)
            tokenizer->encode(tokenizer->decode(std::span(ids).subspan(0, length)));
        rng.shuffle(std::span(ids));
        ids.push_back(-1);
        ids.push_back(1 << 20);
        const score::Score decoded = tokenizer->decode(ids);
        for (const score::Part& part : decoded.parts)
            for (const score::Note& note : part.notes) EXPECT_GT(note.duration, score::Ticks(0));
    }
}

TEST_P(EachScheme, BarsCountDownAndEndComesLast) {
    const auto scores = tests::random_scores(20);
    const auto tokenizer = learn_tokenizer(scores, {.scheme = GetParam()});
    for (const score::Score& score : scores) {
        const auto ids = tokenizer->encode(score).ids;
        const auto grammar = tokenizer->grammar();
        int bars = 0;
        for (const TokenId id : ids) {
            grammar->step(id);
            if (!tokenizer->vocabulary().name(id).starts_with("Bar_")) continue;
            ++bars;
            EXPECT_EQ(grammar->bars_begun(), bars);
            const int left = static_cast<int>(tokenizer->decode(ids).bars.size()) - bars;
            EXPECT_EQ(grammar->bars_left(), left > 16 ? -1 : left);
        }
        EXPECT_TRUE(grammar->ended());
        EXPECT_EQ(ids.back(), tokenizer->end_token());
    }
}

INSTANTIATE_TEST_SUITE_P(Schemes, EachScheme, testing::Values("note", "remi"));

}  // namespace
}  // namespace symphony::tokens
