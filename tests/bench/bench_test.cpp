// What is measured, not how fast it is: a busy machine fails nothing here.
#include "symphony/bench/generation_speed.h"
#include "symphony/bench/limits.h"
#include "symphony/bench/timing.h"
#include "symphony/bench/training_speed.h"
#include "symphony/training/rnn_trainee.h"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace symphony::bench {
namespace {

TEST(Bench, ProductsOfATransformerAreItsLinearLayersForwardAndTwiceBackward) {
    constexpr std::int64_t rows = 10, width = 6, inner = 16, vocabulary = 9;
    double flops = 0;
    for (const Product& p : transformer_products(rows, width, inner, vocabulary))
        flops += p.flops();
    const std::int64_t weights =
        width * 3 * width + width * width + width * 2 * inner + inner * width + width * vocabulary;
    EXPECT_DOUBLE_EQ(flops, 6.0 * static_cast<double>(rows * weights));
}

TEST(Bench, MedianIsNotMovedByOneSlowRun) {
    int run = 0;
    const double seconds = median_seconds(5, [&] {
        if (++run == 3) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    });
    EXPECT_EQ(run, 6) << "five runs, and one that is not counted";
    EXPECT_LT(seconds, 0.02);
}

TEST(Bench, TheRateOfAllProductsIsTheirFlopsByTheirTime) {
    Limits limits;
    limits.products = {{{"fast", nn::Op::kPlain, nn::Op::kPlain, 10, 10, 10}, 200, 400},
                       {{"slow", nn::Op::kPlain, nn::Op::kPlain, 10, 10, 10}, 100, 0}};
    EXPECT_DOUBLE_EQ(limits.float32_rate(), 4000.0 / 30.0);
    EXPECT_EQ(limits.bf16_rate(), 0) << "unknown where one product has none";
}

TEST(Bench, LimitsAreMeasuredForEveryProduct) {
    const Limits limits = measure_limits(transformer_products(32, 16, 32, 20), 1);
    EXPECT_EQ(limits.threads, 1);
    EXPECT_EQ(limits.products.size(), 15U);
    EXPECT_GT(limits.float32_rate(), 0);
    EXPECT_GT(limits.bytes_per_second, 0);
    EXPECT_EQ(limits.to_json()["products"].size(), 15U);
}

TEST(Bench, GenerationAtEveryPrecision) {
    models::TransformerConfig config{40, 24, 40, 2, 2, 32};
    config.start_token = 39;
    const auto speeds = measure_generation("small", config, 2);
    ASSERT_EQ(speeds.size(), 3U);
    EXPECT_EQ(speeds[2].precision, nn::WeightPrecision::kInt8);
    for (const GenerationSpeed& speed : speeds) {
        EXPECT_EQ(speed.prompt_tokens + speed.tokens, 32);
        EXPECT_GT(speed.prompt_seconds, 0);
        EXPECT_GT(speed.tokens_per_second(), 0);
        EXPECT_EQ(speed.streams, 32);
        EXPECT_EQ(speed.threads, 2);
        EXPECT_GT(speed.together_per_second(), 0);
    }
}

TEST(Bench, SpeedOfTheRnn) {
    training::TrainOptions options;
    options.model = "rnn";
    options.hidden_size = options.embedding_size = 16;
    options.batch_size = 2;
    options.sequence_length = 8;
    training::fill_defaults(options);
    training::RnnTrainee trainee(options, kVocabulary, 0);
    const ModelSpeed speed = measure_speed("small", trainee, options, 3);
    EXPECT_EQ(speed.parameters, trainee.parameter_count());
    EXPECT_EQ(speed.tokens_per_step, 16);
    EXPECT_DOUBLE_EQ(speed.flops_per_token, 6.0 * static_cast<double>(speed.parameters));
    EXPECT_GT(speed.seconds_per_step, 0);
    EXPECT_GT(speed.seconds_per_token, 0);
    EXPECT_GT(speed.peak_memory_bytes, 1 << 20);
    EXPECT_DOUBLE_EQ(speed.training_tokens_per_second(), 16 / speed.seconds_per_step);
}

}  // namespace
}  // namespace symphony::bench
