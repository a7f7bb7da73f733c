// The same at the width of the published models, where sums are longer and rounding adds up; fewer
// layers and tokens than theirs, so that it stays cheap.
#include "models/import/imported.h"
#include <gtest/gtest.h>

namespace symphony::models {
namespace {

constexpr double kTolerance = 2e-3;  // absolute

double largest(const Rows& ours, const Logits& reference) {
    double most = 0;
    for (std::size_t t = 0; t < ours.size(); ++t)
        for (std::size_t i = 0; i < ours[t].size(); ++i)
            most = std::max(most, std::abs(double{ours[t][i]} - reference[t][i]));
    return most;
}

template <class Reference>
void expect_near(const ForeignModel& foreign, const Reference& reference) {
    const auto model = imported(foreign);
    auto ids = random_ids(10, 30, 8);
    ids[0] = model->start_token();
    const Logits expected = reference(foreign, ids, Mistake::kNone);
    EXPECT_LT(largest(after_each(*model, ids, true), expected), kTolerance);
    EXPECT_LT(largest(after_each(*model, ids, false), expected), kTolerance);
}

TEST(ImportWidth, AnticipationSmall) {
    ForeignModel model = random_gpt2(
        {.width = 768, .inner = 3072, .layers = 2, .heads = 12, .positions = 1024, .spread = 1});
    model.config["scale_attn_by_inverse_layer_idx"] = true;
    expect_near(model, reference_gpt2);
}

TEST(ImportWidth, LlamaOfAThousand) {
    expect_near(random_llama({.width = 1024,
                              .inner = 4096,
                              .layers = 2,
                              .heads = 16,
                              .key_heads = 16,
                              .positions = 4096,
                              .spread = 1}),
                reference_llama);
}

TEST(ImportWidth, AriaMedium) {
    expect_near(random_aria({.width = 1536,
                             .inner = 6144,
                             .layers = 1,
                             .heads = 24,
                             .positions = 8192,
                             .spread = 1}),
                reference_aria);
}

}  // namespace
}  // namespace symphony::models
