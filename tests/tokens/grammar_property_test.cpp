// The grammar accepts whatever encode writes, and whatever it accepts decodes to a valid piece.
#include "symphony/base/rng.h"
#include "symphony/tokens/stream_tokenizer.h"

#include "tokens/random_score.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace symphony::tokens {
namespace {

std::string names(const Tokenizer& tokenizer, std::span<const TokenId> ids) {
    std::string text;
    for (const TokenId id : ids) text += tokenizer.vocabulary().name(id) + ' ';
    return text;
}

// Steps through `ids`; the index of the first that is refused, or ids.size().
std::size_t accepted(const Tokenizer& tokenizer, std::span<const TokenId> ids) {
    const auto grammar = tokenizer.grammar();
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer.vocabulary().size()));
    for (std::size_t i = 0; i < ids.size(); ++i) {
        grammar->allowed(mask);
        if (!mask[static_cast<std::size_t>(ids[i])]) return i;
        grammar->step(ids[i]);
    }
    return ids.size();
}

// A walk through the grammar with equal chances, steered home after `length` tokens.
std::vector<TokenId> random_walk(const Tokenizer& tokenizer, std::uint64_t seed,
                                 std::size_t length) {
    base::Rng rng(seed, "walk");
    const auto grammar = tokenizer.grammar();
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer.vocabulary().size()));
    std::vector<TokenId> ids;
    while (!grammar->ended()) {
        grammar->allowed(mask);
        std::vector<TokenId> legal;
        for (std::size_t id = 0; id < mask.size(); ++id)
            if (mask[id]) legal.push_back(static_cast<TokenId>(id));
        if (legal.empty()) {
            ADD_FAILURE() << "dead end after " << names(tokenizer, ids);
            return ids;
        }
        TokenId next = legal[rng.below(legal.size())];
        if (ids.size() > length)
            for (const TokenId id : legal)
                if (const std::string& name = tokenizer.vocabulary().name(id);
                    name == "End" || (name.starts_with("Bar_") && name != "Bar_more"))
                    next = id;
        ids.push_back(next);
        grammar->step(next);
    }
    return ids;
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
        const auto ids = tokenizer->encode(score).ids;
        const std::size_t stopped = accepted(*tokenizer, ids);
        ASSERT_EQ(stopped, ids.size())
            << names(*tokenizer, std::span(ids).subspan(0, std::min(stopped + 1, ids.size())));
    }
}

TEST_P(EachScheme, RandomWalksAreValidPieces) {
    for (const int corpus : {1, 3, 20}) {
        const auto scores = tests::random_scores(corpus);
        const auto tokenizer = learn_tokenizer(scores, {.scheme = GetParam()});
        for (std::uint64_t seed = 0; seed < 60; ++seed) {
            const auto ids = random_walk(*tokenizer, seed, 300);
            const score::Score decoded = tokenizer->decode(ids);
            expect_valid(decoded);
            const auto again = tokenizer->encode(decoded);
            EXPECT_EQ(accepted(*tokenizer, again.ids), again.ids.size());
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
