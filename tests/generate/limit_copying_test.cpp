#include "symphony/generate/limit_copying.h"

#include "symphony/generate/composer.h"
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

class LimitCopyingTest : public ::testing::TestWithParam<std::string> {
  protected:
    // A piece long enough that a walk of seven notes does not come round to itself.
    static score::Score learned_piece() {
        score::Score score = testing::small_chorale(16, {4, 4}, {}, 0);
        for (std::size_t p = 0; p < score.parts.size(); ++p) {
            base::Rng rng(3, "learned piece", p);
            for (score::Note& note : score.parts[p].notes)
                note.pitch = static_cast<std::uint8_t>(note.pitch - note.pitch % 7 + rng.below(9));
        }
        return score;
    }
    explicit LimitCopyingTest() {
        tokens::TokenizerOptions options;
        options.scheme = GetParam();
        const score::Score piece = learned_piece();
        tokenizer_ = tokens::learn_tokenizer(std::span(&piece, 1), options);
        ids_ = tokenizer_->encode(piece).ids;
        std::vector<corpus::CopySource> sources;
        sources.push_back({"piece", corpus::note_lines_of(corpus::as_held(*tokenizer_, ids_))});
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
    // Bars from the first to the last onset of the longest match of as many notes as count.
    double longest_bars(const score::Score& score) const {
        const auto piece =
            corpus::note_lines_of(score::quantised(score, tokenizer_->steps_per_quarter()));
        const auto lengths = index_->longest(piece, corpus::CopySense::kTransposed);
        double most = 0;
        for (std::size_t l = 0; l < lengths.size(); ++l)
            for (std::size_t i = 0; i < lengths[l].size(); ++i)
                if (const std::size_t n = lengths[l][i]; n >= kFewestCopiedNotes)
                    most = std::max(most, piece.bars_before(piece.lines[l].notes[i + n - 1].onset) -
                                              piece.bars_before(piece.lines[l].notes[i].onset));
        return most;
    }

    std::unique_ptr<tokens::Tokenizer> tokenizer_;
    std::vector<int> ids_;
    std::shared_ptr<const corpus::CopyIndex> index_;
    Request request_;
};

TEST_P(LimitCopyingTest, AModelThatKnowsItsPieceByHeartNeverCopiesMoreThanIsAllowed) {
    for (const Take& take : takes(2)) EXPECT_GT(longest_bars(take.score), 6) << "without a limit";
    for (const int bars : {1, 2, 4}) {
        request_.copy_limit = CopyLimit{index_, bars};
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

TEST_P(LimitCopyingTest, WhatAPrimeCopiesDoesNotGoOn) {
    request_.prime = make_prime(*tokenizer_, tokenizer_->decode(ids_), 4, 16, "piece.mid");
    request_.copy_limit = CopyLimit{index_, 2};
    for (const Take& take : takes(2)) {
        const auto piece = corpus::note_lines_of(corpus::as_held(*tokenizer_, take.ids));
        EXPECT_TRUE(copies_too_much(piece, *request_.copy_limit));
        EXPECT_FALSE(copies_too_much(piece, *request_.copy_limit, 4));
    }
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
