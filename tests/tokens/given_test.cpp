// Notes told ahead of their bars: remi with the option `given`.
#include "symphony/base/error.h"
#include "symphony/base/rng.h"
#include "symphony/tokens/scheme_options.h"
#include "symphony/tokens/stream_tokenizer.h"

#include "tokens/doc_page.h"
#include "tokens/grammar_walk.h"
#include "tokens/random_score.h"
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace symphony::tokens {
namespace {

std::unique_ptr<StreamTokenizer> tokenizer_for(const std::vector<score::Score>& scores,
                                               const std::string& words) {
    const auto learned = learn_tokenizer(scores, options_from_words(words, 12));
    return std::make_unique<StreamTokenizer>(
        layout_values_from_json(learned->to_json(), "tokenizer.json"));
}

GivenCells random_cells(base::Rng& rng, const GridPiece& piece) {
    GivenCells given{.bars_ahead = static_cast<int>(rng.below(5))};
    for (std::size_t b = 0; b < piece.bars.size(); ++b) {
        auto& bar = given.cells.emplace_back(piece.parts.size());
        for (std::size_t p = 0; p < bar.size(); ++p) bar[p] = rng.below(3) == 0;
    }
    return given;
}

std::int64_t count_given(const StreamTokenizer& tokenizer, const std::vector<TokenId>& ids) {
    return std::count_if(ids.begin(), ids.end(),
                         [&](TokenId id) { return tokenizer.layout().kind(id) == Kind::kGiven; });
}

TEST(Given, WhateverIsToldAheadThePieceComesBack) {
    const auto scores = tests::random_scores(60);
    std::int64_t told = 0;
    for (const char* words : {"remi+given", "remi+given+chords+pedal+controls"}) {
        const auto tokenizer = tokenizer_for(scores, words);
        for (std::size_t s = 0; s < scores.size(); ++s) {
            base::Rng rng(s, "cells");
            const auto plain = tokenizer->encode(scores[s]).ids;
            const GridPiece piece = tokenizer->read(plain);
            const Encoded encoded = tokenizer->encode_with_given(piece, random_cells(rng, piece));
            ASSERT_TRUE(tests::grammar_takes(*tokenizer, encoded.ids)) << words << " " << s;
            EXPECT_EQ(tokenizer->encode(tokenizer->decode(encoded.ids)).ids, plain)
                << words << " " << s;
            told += count_given(*tokenizer, encoded.ids);
        }
    }
    EXPECT_GT(told, 500);
}

TEST(Given, NothingGivenIsThePlainSpelling) {
    const auto scores = tests::random_scores(10);
    const auto tokenizer = tokenizer_for(scores, "remi+given+chords");
    for (const score::Score& score : scores) {
        const GridPiece piece = tokenizer->prepare(score);
        const GivenCells none{
            .cells{piece.bars.size(), std::vector<bool>(piece.parts.size(), false)}};
        EXPECT_EQ(tokenizer->encode_with_given(piece, none).ids, tokenizer->encode(score).ids);
    }
}

TEST(Given, EveryWalkIsAPieceAlsoWhenCutShort) {
    const auto scores = tests::random_scores(30);
    const auto tokenizer = tokenizer_for(scores, "remi+given+chords");
    std::int64_t told = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        const auto walk = tests::random_walk(*tokenizer, seed, 600);
        told += count_given(*tokenizer, walk);
        for (const std::size_t length : {walk.size(), walk.size() / 2, walk.size() / 3}) {
            const score::Score score = tokenizer->decode(std::span(walk).first(length));
            tests::expect_notes_valid(score);
            for (const score::Part& part : score.parts)
                for (const score::Note& note : part.notes)
                    EXPECT_LT(note.onset, score.bars.back().onset + score.bars.back().length);
        }
    }
    EXPECT_GT(told, 60);
}

// A melody of three bars is given, and all of the last bar.
TEST(Given, ABarInWords) {
    score::Score score;
    score.ticks_per_quarter = 12;
    score.keys = {{score::Ticks(0), {0, false}}};
    for (int p = 0; p < 2; ++p) {
        score::Part& part = score.parts.emplace_back();
        part.program = p == 0 ? 73 : 42;
        for (int b = 0; b < 3; ++b)
            part.notes.push_back({.onset = score::Ticks(48 * b + 24 * p),
                                  .duration = score::Ticks(24),
                                  .pitch = static_cast<std::uint8_t>(p == 0 ? 72 + b : 48 - b),
                                  .velocity = 64});
    }
    for (int b = 0; b < 3; ++b)
        score.bars.push_back({score::Ticks(48 * b), score::Ticks(48), {4, 4}});
    const std::vector<score::Score> scores{score};
    const auto tokenizer = tokenizer_for(scores, "remi+given");
    const Encoded encoded = tokenizer->encode_with_given(
        tokenizer->prepare(score),
        {.cells = {{true, false}, {true, false}, {true, true}}, .bars_ahead = 1});
    EXPECT_EQ(tests::spelled_out(*tokenizer, encoded.ids),
              tests::doc_block("remi", "### Notes told ahead").words);
}

TEST(Given, GoesWithPartsAloneAndOnTheGrid) {
    for (const char* words :
         {"remi+given+rests", "remi+given+micro-timing=3", "remi+given+no-parts", "note+given"})
        EXPECT_THROW(options_from_words(words, 12), base::Error) << words;
}

}  // namespace
}  // namespace symphony::tokens
