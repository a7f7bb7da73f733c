#include "symphony/base/error.h"
#include "symphony/evaluate/comparison.h"

#include "evaluate/music.h"
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace symphony::evaluate {
namespace {

using testing::PlainNote;
using testing::score_of;

// A model whose logits are the same everywhere, or that knows what comes.
class FakeModel : public models::LanguageModel {
  public:
    FakeModel(int vocabulary_size, int start) : size_(vocabulary_size), start_(start) {
        logits_.assign(static_cast<std::size_t>(vocabulary_size), 0.0F);
    }
    std::string family() const override { return "fake"; }
    int vocabulary_size() const override { return size_; }
    std::int64_t parameter_count() const override { return 0; }
    int context_length() const override { return 0; }
    void reset() override { at_ = 0; }
    std::unique_ptr<models::LanguageModel> copy() const override {
        return std::make_unique<FakeModel>(*this);
    }
    std::span<const float> next(int) override {
        if (!script_.empty()) {
            std::fill(logits_.begin(), logits_.end(), 0.0F);
            if (at_ < script_.size()) logits_[static_cast<std::size_t>(script_[at_++])] = lead_;
        }
        return logits_;
    }
    int start_token() const override { return start_; }

    // From reset() on, the t-th prediction favours script[t] by `lead` nats.
    void know(std::vector<int> script, float lead) {
        script_ = std::move(script);
        lead_ = lead;
    }
    std::vector<float> logits_;

  private:
    int size_, start_;
    std::vector<int> script_;
    float lead_ = 0;
    std::size_t at_ = 0;
};

class Likelihood : public ::testing::Test {
  protected:
    Likelihood() {
        for (int i = 0; i < 4; ++i) {
            std::vector<PlainNote> upper, lower;
            for (int n = 0; n < 16; ++n) {
                upper.push_back({static_cast<double>(n), 1, 67 + (n * (i + 3)) % 12});
                if (n % 2 == 0) lower.push_back({static_cast<double>(n), 2, 48 + (n + i) % 12});
            }
            scores_.push_back(score_of({upper, lower}));
        }
        tokenizer_ = tokens::learn_tokenizer(scores_, {});
        for (std::size_t i = 0; i < scores_.size(); ++i) {
            const auto encoded = tokenizer_->encode(scores_[i]);
            pieces_.push_back({"piece-" + std::to_string(i), "work-" + std::to_string(i / 2),
                               encoded.source_notes, encoded.ids, encoded.losses});
        }
    }

    FakeModel model() const {
        return FakeModel(tokenizer_->vocabulary().size(), tokenizer_->end_token());
    }
    ModelLikelihood score_with(const FakeModel& fake, std::span<const ScoredPiece> pieces,
                               int threads = 1) const {
        return score_pieces([&] { return std::make_unique<FakeModel>(fake); }, *tokenizer_, pieces,
                            threads, base::silent_progress());
    }
    ModelLikelihood score_with(const FakeModel& fake) const { return score_with(fake, pieces_); }

    std::vector<score::Score> scores_;
    std::unique_ptr<tokens::Tokenizer> tokenizer_;
    std::vector<ScoredPiece> pieces_;
};

TEST_F(Likelihood, UniformModelNeedsLogVBitsForEveryToken) {
    auto fake = model();
    const ModelLikelihood result = score_with(fake);
    std::size_t tokens = 0;
    for (const auto& piece : pieces_) tokens += piece.ids.size();
    EXPECT_EQ(result.tokens(), static_cast<std::int64_t>(tokens)) << "the end token counts";
    EXPECT_EQ(result.notes(), 4 * 24);
    const double log_v = std::log2(static_cast<double>(tokenizer_->vocabulary().size()));
    EXPECT_NEAR(result.bits(), static_cast<double>(tokens) * log_v, 1e-6 * result.bits());
    EXPECT_NEAR(result.nats_per_token(), log_v * std::log(2), 1e-6);
    double parts = 0;
    for (int k = 0; k < tokens::kTokenKinds; ++k)
        parts += result.bits_per_note(static_cast<tokens::TokenKind>(k));
    EXPECT_NEAR(parts, result.bits_per_note(), 1e-9) << "the kinds add up";
    EXPECT_GT(result.bits_per_note(tokens::TokenKind::kPitch), 0);
}

TEST_F(Likelihood, UnequalLogitsAreNormalised) {
    auto fake = model();
    fake.logits_[0] = 1000;  // an offset would overflow a naive exponential
    const auto v = static_cast<double>(fake.vocabulary_size());
    const ModelLikelihood result = score_with(fake);
    const PieceLikelihood& piece = result.pieces[0];
    EXPECT_NEAR(piece.total_bits() / 1000 * std::log(2),
                static_cast<double>(std::count_if(pieces_[0].ids.begin(), pieces_[0].ids.end(),
                                                  [](int id) { return id != 0; })),
                1e-6);
    EXPECT_GT(v, 1);
}

TEST_F(Likelihood, AModelThatKnowsIsRightWhereThereIsAChoice) {
    auto fake = model();
    const std::vector<ScoredPiece> one = {pieces_[1]};
    fake.know(one[0].ids, 50);
    const auto sure = score_with(fake, one);
    EXPECT_LT(sure.bits_per_note(), 1e-6);
    EXPECT_EQ(sure.accuracy().top1_share(), 1);
    EXPECT_EQ(sure.pitch_accuracy().tokens, one[0].notes);
    EXPECT_LT(sure.accuracy().tokens, sure.tokens()) << "forced tokens do not count";
    // Favouring the token that comes one later is wrong most of the time, but not far off.
    std::vector<int> late = one[0].ids;
    std::rotate(late.begin(), late.begin() + 1, late.end());
    fake.know(late, 50);
    EXPECT_LT(score_with(fake, one).accuracy().top1_share(), 0.5);
}

TEST_F(Likelihood, ThreadsChangeNothing) {
    auto fake = model();
    EXPECT_EQ(score_with(fake, pieces_, 3), score_with(fake, pieces_, 1));
}

TEST_F(Likelihood, DroppedNotesStayInTheDenominator) {
    auto fake = model();
    const double before = score_with(fake).bits_per_note();
    for (auto& piece : pieces_) piece.notes *= 2;
    EXPECT_NEAR(score_with(fake).bits_per_note(), before / 2, 1e-9);
}

TEST_F(Likelihood, BadInputIsRefused) {
    auto fake = model();
    fake.logits_[3] = std::nanf("");
    EXPECT_THROW(score_with(fake), base::Error);
    FakeModel other(tokenizer_->vocabulary().size() + 1, tokenizer_->end_token());
    EXPECT_THROW(score_with(other), base::Error);
    auto broken = pieces_;
    broken[0].ids.push_back(broken[0].ids.front());
    auto plain = model();
    EXPECT_THROW(score_with(plain, broken), base::Error);
}

ModelLikelihood named(ModelLikelihood result, const std::string& name) {
    result.name = name;
    result.data_hash = "d";
    result.split = "valid";
    return result;
}

TEST_F(Likelihood, WonOnlyWhereTheIntervalExcludesZero) {
    auto fake = model();
    const auto uniform = named(score_with(fake), "uniform");
    auto better = named(uniform, "better");
    for (auto& piece : better.pieces) piece.bits[0] -= 0.5 * static_cast<double>(piece.notes);
    const PairComparison won = compare(better, uniform);
    EXPECT_EQ(won.verdict, Verdict::kFirstWon);
    EXPECT_NEAR(won.difference.mean, -0.5, 1e-9);
    auto mixed = named(uniform, "mixed");  // better on one work, worse on the other
    for (std::size_t i = 0; i < 4; ++i) mixed.pieces[i].bits[0] += i < 2 ? 5 : -5.5;
    EXPECT_EQ(compare(mixed, uniform).verdict, Verdict::kCannotBeToldApart);
    const Evaluation evaluation = compare_all({uniform, better, mixed});
    EXPECT_EQ(evaluation.pairs.size(), 3u);
    EXPECT_NE(evaluation.conclusion.find("better won"), std::string::npos) << evaluation.conclusion;
    EXPECT_NE(compare_all({uniform, mixed}).conclusion.find("cannot be told apart"),
              std::string::npos);
    EXPECT_EQ(evaluation_from_json(to_json(evaluation)), evaluation);
}

TEST_F(Likelihood, AcrossSchemesOnlySharedKindsAtEqualFidelity) {
    auto fake = model();
    const auto remi = named(score_with(fake), "remi");
    auto other = named(remi, "note");
    other.scheme = "note";
    const PairComparison pair = compare(remi, other);
    EXPECT_EQ(pair.measure, "bits per note (pitch, onset, length, part)");
    EXPECT_EQ(pair.verdict, Verdict::kCannotBeToldApart);
    for (auto& piece : other.pieces)
        piece.bits[static_cast<std::size_t>(tokens::TokenKind::kOther)] = 0;
    EXPECT_NEAR(compare(remi, other).difference.mean, 0, 1e-12) << "other tokens do not count";

    auto lossy = other;
    lossy.losses["drums-dropped"] = 7;
    EXPECT_EQ(compare(remi, lossy).verdict, Verdict::kNotComparable);
    EXPECT_NE(compare(remi, lossy).reason.find("7 drums-dropped"), std::string::npos);
    auto coarse = other;
    coarse.steps_per_quarter = 4;
    EXPECT_EQ(compare(remi, coarse).verdict, Verdict::kNotComparable);
    auto fewer = other;
    fewer.pieces.pop_back();
    EXPECT_EQ(compare(remi, fewer).verdict, Verdict::kNotComparable);
}

TEST_F(Likelihood, SchemesThatHoldOtherThingsAreRefusedOrRemarkedOn) {
    auto fake = model();
    const auto remi = named(score_with(fake), "remi");
    const auto against = [&](const std::string& scheme) {
        auto other = remi;
        other.name = other.scheme = scheme;
        return compare(remi, other);
    };
    for (const char* scheme :
         {"performance", "chorale", "anticipation", "aria", "tsd", "pertok", "skytnt-v2"}) {
        EXPECT_EQ(against(scheme).verdict, Verdict::kNotComparable) << scheme;
        EXPECT_NE(against(scheme).reason.find("hold differently"), std::string::npos) << scheme;
    }
    EXPECT_NE(against("performance").reason.find("onset (grid against 10 ms)"), std::string::npos)
        << against("performance").reason;
    const PairComparison like = against("midilike");
    EXPECT_EQ(like.verdict, Verdict::kCannotBeToldApart);
    EXPECT_NE(like.remark.find("part (yes against program)"), std::string::npos) << like.remark;
    EXPECT_NE(like.sentence().find(like.remark), std::string::npos);
    EXPECT_EQ(against("note").remark.find("velocity"), std::string::npos) << against("note").remark;
    EXPECT_EQ(against("remi").remark, "");  // the very same tokens
    auto merged = remi;  // sub-words: pitches and lengths went into tokens of no kind
    merged.name = "sub-words";
    merged.vocabulary_size += 100;
    for (PieceLikelihood& piece : merged.pieces)
        --piece.tokens[static_cast<std::size_t>(tokens::TokenKind::kLength)];
    EXPECT_NE(compare(remi, merged).reason.find("length of its own"), std::string::npos);
    for (PieceLikelihood& piece : merged.pieces)
        --piece.tokens[static_cast<std::size_t>(tokens::TokenKind::kPitch)];
    EXPECT_NE(compare(remi, merged).reason.find("tokens for pitch"), std::string::npos);
    const Evaluation evaluation = compare_all({remi, [&] {
                                                   auto other = remi;
                                                   other.name = other.scheme = "midilike";
                                                   return other;
                                               }()});
    EXPECT_EQ(evaluation_from_json(to_json(evaluation)), evaluation);
}

}  // namespace
}  // namespace symphony::evaluate
