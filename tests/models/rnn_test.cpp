// The hand-written RNN, as lessons: each test is a fact that docs/rnn.md explains.
#include "symphony/base/rng.h"
#include "symphony/models/rnn/rnn_model.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cmath>

namespace symphony::models::rnn {
namespace {

// Random tokens; lane 1 begins a new sequence in the middle, lane 2 has a token not to be
// predicted.
struct Example {
    int lanes = 3, steps = 5, vocabulary = 7;
    std::vector<int> inputs, targets;
    std::vector<std::uint8_t> resets;

    explicit Example(int seed = 1, int lanes_ = 3, int steps_ = 5, int vocabulary_ = 7)
        : lanes(lanes_), steps(steps_), vocabulary(vocabulary_) {
        base::Rng rng(static_cast<std::uint64_t>(seed), "rnn-example");
        for (int i = 0; i < lanes * steps; ++i) {
            inputs.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(vocabulary))));
            targets.push_back(static_cast<int>(rng.below(static_cast<std::uint64_t>(vocabulary))));
            resets.push_back(0);
        }
        if (lanes > 1) resets[static_cast<std::size_t>(steps + steps / 2)] = 1;
        if (lanes > 2) targets[static_cast<std::size_t>(2 * steps + 1)] = -1;
    }
    Block block() const { return {lanes, steps, inputs, targets, resets}; }
};

// A state that is not zero, as it is in the middle of training.
template <class T>
std::vector<T> some_state(int hidden, int lanes) {
    std::vector<T> state;
    for (int i = 0; i < hidden * lanes; ++i) state.push_back(static_cast<T>(std::sin(i)) / 2);
    return state;
}

constexpr RnnSizes kSmall{7, 4, 6};

double loss_of(RnnNetwork<double>& network, const Example& example, const Dropout& dropout) {
    std::vector<double> state = some_state<double>(kSmall.hidden, example.lanes);
    return network.forward(example.block(), dropout, state).nats;
}

// The largest |analytic - numeric| over all weights, relative to the largest numeric one.
double gradient_error(Term left_out, const Dropout& dropout = {}) {
    RnnNetwork<double> network(kSmall);
    network.initialise(1);
    for (double& w : network.weights()) w += 0.05;  // biases too
    const Example example;
    loss_of(network, example, dropout);
    network.clear_gradient();
    network.backward(1.0, left_out);
    const std::vector<double> analytic(network.gradient().begin(), network.gradient().end());
    double worst = 0, largest = 0;
    constexpr double kStep = 1e-5;
    for (std::size_t i = 0; i < analytic.size(); ++i) {
        double& w = network.weights()[i];
        const double before = w;
        w = before + kStep;
        const double up = loss_of(network, example, dropout);
        w = before - kStep;
        const double down = loss_of(network, example, dropout);
        w = before;
        const double numeric = (up - down) / (2 * kStep);
        worst = std::max(worst, std::abs(analytic[i] - numeric));
        largest = std::max(largest, std::abs(numeric));
    }
    return worst / largest;
}

TEST(Rnn, FirstLossIsThatOfKnowingNothing) {
    for (const int vocabulary : {50, 400}) {
        RnnNetwork<float> network({vocabulary, 128, 256});
        network.initialise(3);
        const Example example(1, 16, 64, vocabulary);
        std::vector<float> state(256 * 16, 0.0f);
        const BlockLoss loss = network.forward(example.block(), {}, state);
        const double uniform = std::log(vocabulary);
        EXPECT_NEAR(loss.nats / static_cast<double>(loss.tokens), uniform, 0.02 * uniform);
    }
}

TEST(Rnn, GradientAgreesWithFiniteDifferences) { EXPECT_LT(gradient_error(Term::kNone), 1e-7); }

TEST(Rnn, GradientAgreesUnderDropoutToo) {
    EXPECT_LT(gradient_error(Term::kNone, {.rate = 0.4, .seed = 5, .index = 2}), 1e-7);
}

TEST(Rnn, EveryTermOfTheGradientIsNeeded) {
    for (int term = 1; term <= static_cast<int>(Term::kEmbedding); ++term)
        EXPECT_GT(gradient_error(static_cast<Term>(term)), 1e-3) << "term " << term;
}

TEST(Rnn, StateIsCarriedFromBlockToBlock) {
    RnnNetwork<double> network(kSmall);
    network.initialise(1);
    const Example whole(4, 1, 12);
    std::vector<double> state(6, 0.0), halves_state(6, 0.0);
    const double at_once = network.forward(whole.block(), {}, state).nats;
    double in_halves = 0;
    for (std::size_t begin : {0u, 6u}) {
        const Block half{1, 6, std::span(whole.inputs).subspan(begin, 6),
                         std::span(whole.targets).subspan(begin, 6),
                         std::span(whole.resets).subspan(begin, 6)};
        in_halves += network.forward(half, {}, halves_state).nats;
    }
    EXPECT_NEAR(at_once, in_halves, 1e-12);
    for (std::size_t i = 0; i < state.size(); ++i) EXPECT_NEAR(state[i], halves_state[i], 1e-14);
}

TEST(Rnn, AResetForgetsTheSequenceBefore) {
    RnnNetwork<double> network(kSmall);
    network.initialise(1);
    Example example(4, 1, 8);
    example.resets[4] = 1;
    std::vector<double> state(6, 0.0), other_state = some_state<double>(6, 1);
    network.forward(example.block(), {}, state);
    const std::vector<double> late(network.probabilities(0, 6).begin(),
                                   network.probabilities(0, 6).end());
    example.inputs[1] = (example.inputs[1] + 1) % 7;
    network.forward(example.block(), {}, other_state);
    EXPECT_TRUE(std::equal(late.begin(), late.end(), network.probabilities(0, 6).begin()));
}

TEST(Rnn, LanesDoNotSeeEachOther) {
    RnnNetwork<double> network(kSmall);
    network.initialise(1);
    Example example;
    std::vector<double> state(18, 0.0), again(18, 0.0);
    network.forward(example.block(), {}, state);
    const std::vector<double> lane0(network.probabilities(0, 4).begin(),
                                    network.probabilities(0, 4).end());
    for (std::size_t i = 5; i < example.inputs.size(); ++i)
        example.inputs[i] = (example.inputs[i] + 1) % 7;
    network.forward(example.block(), {}, again);
    for (std::size_t v = 0; v < lane0.size(); ++v)
        EXPECT_NEAR(lane0[v], network.probabilities(0, 4)[v], 1e-14);
}

TEST(Rnn, DropoutKeepsTheMeanAndIsDrawnFromSeedAndIndex) {
    RnnNetwork<double> network(kSmall);
    network.initialise(1);
    const Example example;
    const auto loss = [&](std::uint64_t index) {
        return loss_of(network, example, {.rate = 0.5, .seed = 9, .index = index});
    };
    EXPECT_EQ(loss(1), loss(1));
    EXPECT_NE(loss(1), loss(2));
    double mean = 0;
    for (std::uint64_t i = 0; i < 400; ++i) mean += loss(i) / 400;
    EXPECT_NEAR(mean, loss_of(network, example, {}), 1.5);
}

TEST(Rnn, GradientFlowMatchesTheFiniteDifferenceOfAnEarlyState) {
    // With one step per block, d loss / d h(last - 1) is the derivative by the carried state.
    RnnNetwork<double> network(kSmall);
    network.initialise(1);
    const Example example(2, 1, 2);
    const Block first{1, 1, std::span(example.inputs).first(1), std::span(example.targets).first(1),
                      std::span(example.resets).first(1)};
    const Block last{1, 1, std::span(example.inputs).last(1), std::span(example.targets).last(1),
                     std::span(example.resets).last(1)};
    std::vector<double> state(6, 0.0);
    network.forward(first, {}, state);
    double square = 0;
    for (std::size_t i = 0; i < 6; ++i) {
        std::vector<double> up = state, down = state;
        up[i] += 1e-5;
        down[i] -= 1e-5;
        const double difference =
            network.forward(last, {}, up).nats - network.forward(last, {}, down).nats;
        square += difference / 2e-5 * difference / 2e-5;
    }
    std::vector<double> zero(6, 0.0);
    network.forward(example.block(), {}, zero);
    EXPECT_NEAR(network.gradient_norm_by_distance(2)[1], std::sqrt(square), 1e-7);
}

struct RnnModelTest : ::testing::Test {
    RnnNetwork<float> network{RnnSizes{20, 8, 16}};
    std::vector<int> ids;
    RnnModelTest() {
        network.initialise(2);
        base::Rng rng(1, "rnn-model-test");
        for (int i = 0; i < 300; ++i) ids.push_back(1 + static_cast<int>(rng.below(19)));
        ids.push_back(0);
    }
};

TEST_F(RnnModelTest, OneByOneAndStretchesGiveTheSameLogits) {
    RnnModel fast(network, 0), slow(network, 0);
    std::vector<float> logits;
    fast.for_each_logits(ids, [&](std::size_t, std::span<const float> row) {
        logits.insert(logits.end(), row.begin(), row.end());
    });
    ASSERT_EQ(logits.size(), ids.size() * 20);
    slow.LanguageModel::for_each_logits(ids, [&](std::size_t t, std::span<const float> row) {
        for (std::size_t v = 0; v < row.size(); ++v) ASSERT_NEAR(row[v], logits[t * 20 + v], 1e-5);
    });
}

TEST_F(RnnModelTest, ASavedModelComesBackBitForBit) {
    test_support::TemporaryFolder folder;
    save_rnn(network, 0, folder.path);
    int start_token = -1;
    const RnnNetwork<float> loaded = load_rnn_network(folder.path, &start_token);
    EXPECT_EQ(start_token, 0);
    EXPECT_TRUE(
        std::equal(loaded.weights().begin(), loaded.weights().end(), network.weights().begin()));
}

}  // namespace
}  // namespace symphony::models::rnn
