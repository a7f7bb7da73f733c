// Streams decoded together: each has the bits it would have alone, whoever joins or leaves.
#include "symphony/models/language_model.h"

#include "models/random_weights.h"
#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::models {
namespace {

constexpr std::size_t kStreams = 9, kSteps = 24;

std::vector<float> values(std::span<const float> row) { return {row.begin(), row.end()}; }

// Stream s takes part from step s on, but not in every fifth step: batches of one to nine. Each
// begins with what the model has read.
void expect_company_changes_nothing(const LanguageModel& model) {
    std::vector<std::unique_ptr<LanguageModel>> together, alone;
    std::vector<std::vector<int>> ids;
    for (std::size_t s = 0; s < kStreams; ++s) {
        together.push_back(model.copy());
        alone.push_back(model.copy());
        ids.push_back(random_ids(kSteps, model.vocabulary_size(), s));
    }
    const auto batch = model.batch();
    for (std::size_t step = 0; step < kSteps; ++step) {
        std::vector<LanguageModel*> streams;
        std::vector<int> tokens;
        std::vector<std::size_t> who;
        for (std::size_t s = 0; s < std::min(step + 1, kStreams); ++s) {
            if ((step + s) % 5 == 4) continue;
            streams.push_back(together[s].get());
            tokens.push_back(ids[s][step]);
            who.push_back(s);
        }
        const auto rows = batch->step(streams, tokens);
        ASSERT_EQ(rows.size(), streams.size());
        for (std::size_t i = 0; i < rows.size(); ++i)
            ASSERT_EQ(values(rows[i]), values(alone[who[i]]->next(tokens[i])))
                << "stream " << who[i] << ", step " << step;
    }
    EXPECT_TRUE(batch->step({}, {}).empty());
}

TEST(StreamBatch, TransformersKeepTheirBits) {
    TransformerConfig config{40, 24, 40, 3, 2, 16};  // some streams outgrow the context
    for (const auto precision :
         {nn::WeightPrecision::kFloat32, nn::WeightPrecision::kBf16, nn::WeightPrecision::kInt8}) {
        Transformer model(config, random_weights(config), precision);
        for (const int id : {3, 1, 4}) model.next(id);
        expect_company_changes_nothing(model);
    }
}

TEST(StreamBatch, LstmsKeepTheirBits) {
    for (const bool tied : {true, false}) {
        const LstmConfig config{40, 12, 20, 2, tied, 0};
        Lstm model(config, random_weights(config));
        for (const int id : {3, 1, 4}) model.next(id);
        expect_company_changes_nothing(model);
    }
}

// A model that has no kernels for many streams is read one stream after the other.
class Counting : public LanguageModel {
  public:
    std::string family() const override { return "counting"; }
    int vocabulary_size() const override { return 40; }
    std::int64_t parameter_count() const override { return 0; }
    int context_length() const override { return 0; }
    void reset() override { sum_ = {0}; }
    std::span<const float> next(int token) override {
        sum_[0] += static_cast<float>(token);
        return sum_;
    }
    std::unique_ptr<LanguageModel> copy() const override {
        return std::make_unique<Counting>(*this);
    }
    int start_token() const override { return 0; }

  private:
    std::vector<float> sum_{0};
};

TEST(StreamBatch, AnyModelHasOne) { expect_company_changes_nothing(Counting()); }

}  // namespace
}  // namespace symphony::models
