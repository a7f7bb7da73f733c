#include "symphony/generate/limit_copying.h"

#include "symphony/generate/composer.h"
#include "symphony/generate/copy_proof.h"
#include "symphony/generate/gap.h"
#include "symphony/score/transform.h"

#include "generate/count_model.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::generate {
namespace {

// Knows one piece by heart: what came after exactly these tokens is all but certain.
class ByHeart : public models::LanguageModel {
  public:
    ByHeart(std::vector<int> piece, int vocabulary_size, int start)
        : piece_(std::move(piece)), size_(vocabulary_size), start_(start) {}
    std::string family() const override { return "by heart"; }
    int vocabulary_size() const override { return size_; }
    std::int64_t parameter_count() const override { return 0; }
    int context_length() const override { return 0; }
    void reset() override { read_ = 0; }
    std::unique_ptr<models::LanguageModel> copy() const override {
        return std::make_unique<ByHeart>(*this);
    }
    std::span<const float> next(int) override {
        logits_.assign(static_cast<std::size_t>(size_), 0.0F);
        if (read_ < piece_.size()) logits_[static_cast<std::size_t>(piece_[read_])] = 12.0F;
        ++read_;
        return logits_;
    }
    int start_token() const override { return start_; }

  private:
    std::vector<int> piece_;
    int size_, start_;
    std::size_t read_ = 0;
    std::vector<float> logits_;
};

// A piece long enough that a walk of seven notes does not come round to itself.
score::Score learned_piece() {
    score::Score score = testing::small_chorale(16, {4, 4}, {}, 0);
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        base::Rng rng(3, "learned piece", p);
        for (score::Note& note : score.parts[p].notes)
            note.pitch = static_cast<std::uint8_t>(note.pitch - note.pitch % 7 + rng.below(9));
    }
    return score;
}

class LimitCopyingTest : public ::testing::TestWithParam<std::string> {
  protected:
    explicit LimitCopyingTest() {
        tokens::TokenizerOptions options;
        options.scheme = GetParam();
        const score::Score piece = learned_piece();
        tokenizer_ = tokens::learn_tokenizer(std::span(&piece, 1), options);
        ids_ = tokenizer_->encode(piece).ids;
        std::vector<corpus::CopySource> sources;
        sources.push_back({"piece", corpus::note_lines_of(corpus::as_held(*tokenizer_, ids_))});
        prints_ = std::make_shared<const corpus::CopyPrints>(
            sources, tokenizer_->steps_per_quarter(), std::string(64, '0'));
        index_ = std::make_shared<const corpus::CopyIndex>(
            std::move(sources), std::vector{corpus::CopySense::kTransposed}, 1,
            base::silent_progress());
        request_.bars = 16;
        request_.unseen.assign(static_cast<std::size_t>(tokenizer_->vocabulary().size()), 1);
        for (const int id : ids_) request_.unseen[static_cast<std::size_t>(id)] = 0;
    }
    std::vector<Take> takes(int count) const {
        return compose(
            [&] {
                return std::make_unique<ByHeart>(ids_, tokenizer_->vocabulary().size(),
                                                 tokenizer_->end_token());
            },
            *tokenizer_, request_, count, 1, base::silent_progress());
    }
    // Bars from the first to the last onset of the longest match of at least so many notes, without
    // `unseen` of them at each end.
    double longest_bars(const score::Score& score, std::size_t least = kFewestCopiedNotes,
                        std::size_t unseen = 0) const {
        const auto piece =
            corpus::note_lines_of(score::quantised(score, tokenizer_->steps_per_quarter()));
        const auto lengths = index_->longest(piece, corpus::CopySense::kTransposed);
        double most = 0;
        for (std::size_t l = 0; l < lengths.size(); ++l)
            for (std::size_t i = 0; i < lengths[l].size(); ++i)
                if (const std::size_t n = lengths[l][i]; n >= least)
                    most = std::max(
                        most, piece.bars_before(piece.lines[l].notes[i + n - 1 - unseen].onset) -
                                  piece.bars_before(piece.lines[l].notes[i + unseen].onset));
        return most;
    }

    std::unique_ptr<tokens::Tokenizer> tokenizer_;
    std::vector<int> ids_;
    std::shared_ptr<const corpus::CopyIndex> index_;
    std::shared_ptr<const corpus::CopyPrints> prints_;
    Request request_;
};

TEST_P(LimitCopyingTest, AModelThatKnowsItsPieceByHeartNeverCopiesMoreThanIsAllowed) {
    for (const Take& take : takes(2)) EXPECT_GT(longest_bars(take.score), 6) << "without a limit";
    for (const int bars : {1, 2, 4}) {
        request_.copy_limit = limit_by(index_, bars);
        for (const Take& take : takes(4)) {
            const double longest = longest_bars(take.score);
            EXPECT_LE(longest, bars + 1e-6);
            EXPECT_GT(longest, bars - 1.5) << "more was forbidden than need be";
            EXPECT_FALSE(
                copies_too_much(corpus::note_lines_of(corpus::as_held(*tokenizer_, take.ids)),
                                *request_.copy_limit));
            EXPECT_EQ(score::bars_of(take.score).size(), 16U);
        }
    }
}

// The promise by fingerprints, held against the pieces themselves: of a match of so many notes,
// those at both ends left out that may not be seen.
TEST_P(LimitCopyingTest, FingerprintsKeepTheirPromise) {
    const corpus::PrintShape shape = prints_->shape();
    for (const int bars : {1, 3, 5}) {
        request_.copy_limit = limit_by(prints_, bars);
        for (const Take& take : takes(3)) {
            EXPECT_LE(longest_bars(take.score, shape.sure_notes(), shape.window - 1), bars + 1e-6);
            EXPECT_GT(longest_bars(take.score), std::min(bars, 3) - 0.5)
                << "more was forbidden than need be";
            EXPECT_TRUE(take_keeps(*request_.copy_limit, *tokenizer_, take.score, 0));
        }
    }
}

TEST_P(LimitCopyingTest, WhatAPrimeCopiesDoesNotGoOn) {
    request_.prime = make_prime(*tokenizer_, tokenizer_->decode(ids_), 4, 16, "piece.mid");
    request_.copy_limit = limit_by(index_, 2);
    for (const Take& take : takes(2)) {
        const auto piece = corpus::note_lines_of(corpus::as_held(*tokenizer_, take.ids));
        EXPECT_TRUE(copies_too_much(piece, *request_.copy_limit));
        EXPECT_FALSE(copies_too_much(piece, *request_.copy_limit, 4));
    }
}

// A model that would fill every gap of its piece with what stood there.
class FillingTest : public ::testing::Test {
  protected:
    FillingTest() {
        tokens::TokenizerOptions options;
        options.stream.given = true;
        tokenizer_ = tokens::learn_tokenizer(std::span(&piece_, 1), options);
        std::vector<corpus::CopySource> sources;
        sources.push_back({"piece", corpus::note_lines_of(corpus::as_held(*tokenizer_, piece_))});
        prints_ = std::make_shared<const corpus::CopyPrints>(
            sources, tokenizer_->steps_per_quarter(), std::string(64, '0'));
        index_ = std::make_shared<const corpus::CopyIndex>(
            std::move(sources), std::vector{corpus::CopySense::kTransposed}, 1,
            base::silent_progress());
    }
    const tokens::StreamTokenizer& stream() const {
        return dynamic_cast<const tokens::StreamTokenizer&>(*tokenizer_);
    }
    // Does what fills the gap keep to `judge`, composed under `limit`, if there is one?
    bool keeps(const Gap& gap, const std::optional<CopyLimit>& limit, const CopyLimit& judge,
               std::uint64_t seed) const {
        const GapPlan plan(stream(), piece_, gap, "piece", {});
        Request request;
        request.seed = seed;
        request.copy_limit = limit;
        plan.ask(request);
        // What training shows of the piece with these cells told ahead.
        tokens::GivenCells given{.bars_ahead = 2};
        for (std::size_t b = 0; b < gap.open.size(); ++b) {
            auto& row = given.cells.emplace_back(piece_.parts.size(), false);
            for (std::size_t p = 0; p < row.size(); ++p)
                row[p] = static_cast<int>(b) >= plan.first_bar() && !gap.open[b][p];
        }
        const auto ids = stream().encode_with_given(stream().prepare(piece_), given).ids;
        const Take take =
            std::move(compose(
                          [&] {
                              return std::make_unique<ByHeart>(ids, stream().vocabulary().size(),
                                                               stream().end_token());
                          },
                          stream(), request, 1, 1, base::silent_progress())
                          .front());
        const score::Score filled = plan.filled(take);
        return filling_keeps(judge, stream(), filled, plan.open_cells(filled));
    }

    const score::Score piece_ = learned_piece();
    std::unique_ptr<tokens::Tokenizer> tokenizer_;
    std::shared_ptr<const corpus::CopyIndex> index_;
    std::shared_ptr<const corpus::CopyPrints> prints_;
};

// The piece itself is a training piece: what is given stands, and what is composed must neither go
// on with it nor lead into it.
TEST_F(FillingTest, NothingComposedIsInACopyThatIsTooLong) {
    int broken = 0;
    constexpr int kGaps = 12;
    for (int i = 0; i < kGaps; ++i) {
        base::Rng rng(5, "gaps", static_cast<std::uint64_t>(i));
        Gap gap;
        gap.open.assign(16, std::vector<bool>(4, false));
        if (i % 2 == 0) {  // a part in a row of bars
            const std::size_t part = rng.below(4), first = rng.below(12);
            for (std::size_t b = first; b < first + 1 + rng.below(4); ++b) gap.open[b][part] = true;
        } else {  // here and there, as for a variation
            for (int cell = 0; cell < 6; ++cell) gap.open[rng.below(16)][rng.below(4)] = true;
        }
        const auto seed = static_cast<std::uint64_t>(i);
        const CopyLimit exact = limit_by(index_, 3), by_prints = limit_by(prints_, 3);
        broken += !keeps(gap, std::nullopt, exact, seed);
        EXPECT_TRUE(keeps(gap, exact, exact, seed)) << i;
        EXPECT_TRUE(keeps(gap, by_prints, by_prints, seed)) << i;
    }
    EXPECT_GE(broken, kGaps - 2) << "without a limit";
}

// All schemes with Bar tokens.
INSTANTIATE_TEST_SUITE_P(Schemes, LimitCopyingTest,
                         ::testing::Values("remi", "note", "miditok-remi"), [](const auto& scheme) {
                             std::string name = scheme.param;
                             std::replace(name.begin(), name.end(), '-', '_');
                             return name;
                         });

}  // namespace
}  // namespace symphony::generate
