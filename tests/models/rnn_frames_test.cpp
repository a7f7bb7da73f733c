// The RNN's head for frames: each key on its own, and the gradient that both heads share.
#include "symphony/base/json.h"
#include "symphony/models/rnn/rnn_model.h"

#include "temporary_folder.h"
#include <gtest/gtest.h>

#include <cmath>
#include <memory>

namespace symphony::models::rnn {
namespace {

TEST(KeySets, GiveEverySetOneNumber) {
    KeySets sets(3);
    EXPECT_EQ(sets.size(), 1) << "the beginning of a piece";
    const int silence = sets.add({}), chord = sets.add({0, 2});
    EXPECT_NE(silence, KeySets::kBeginning);
    EXPECT_EQ(sets.add({0, 2}), chord);
    EXPECT_EQ(sets.size(), 3);
    EXPECT_TRUE(sets[silence].empty());
    EXPECT_EQ(std::vector<int>(sets[chord].begin(), sets[chord].end()), (std::vector<int>{0, 2}));
}

TEST(KeySets, CostByHandAndOfAllSetsTogether) {
    const std::vector<double> logits{std::log(3.0), 0.0, -std::log(4.0)};  // p = 3/4, 1/2, 1/5
    const std::vector<int> chord{0, 2};
    EXPECT_NEAR(cost_of_set<double>(logits, chord).nats, -std::log(0.75 * 0.5 * 0.2), 1e-12);
    EXPECT_FALSE(cost_of_set<double>(logits, chord).is_most_probable);
    EXPECT_TRUE(cost_of_set<double>(logits, std::vector<int>{0}).is_most_probable);
    double total = 0;
    for (int bits = 0; bits < 8; ++bits) {
        std::vector<int> set;
        for (int key = 0; key < 3; ++key)
            if (bits & (1 << key)) set.push_back(key);
        total += std::exp(-cost_of_set<double>(logits, set).nats);
    }
    EXPECT_NEAR(total, 1, 1e-12);
    // Logits far out cost what they say, and no infinity.
    const std::vector<float> sure{500.0f};
    EXPECT_NEAR(cost_of_set<float>(sure, std::vector<int>{}).nats, 500, 1e-9);
}

// Five keys; two lanes of four steps, of which one begins a piece and one target is not predicted.
struct Frames {
    std::shared_ptr<KeySets> sets = std::make_shared<KeySets>(5);
    std::vector<int> inputs, targets;
    std::vector<std::uint8_t> resets = {1, 0, 0, 0, 0, 0, 1, 0};

    Frames() {
        const int silence = sets->add({}), low = sets->add({0, 1}), high = sets->add({1, 3, 4}),
                  one = sets->add({2});
        inputs = {KeySets::kBeginning, low, high, one, silence, low, KeySets::kBeginning, high};
        targets = {low, high, one, silence, low, -1, high, one};
    }
    Block block() const { return {2, 4, inputs, targets, resets}; }
};

constexpr RnnSizes kSizes{5, 3, 4};

double gradient_error(Term left_out, const Dropout& dropout) {
    const Frames frames;
    RnnNetwork<double> network(kSizes, frames.sets);
    network.initialise(2);
    for (double& w : network.weights()) w += 0.05;
    const auto loss = [&] {
        std::vector<double> state(8, 0.3);
        return network.forward(frames.block(), dropout, state).nats;
    };
    loss();
    network.clear_gradient();
    network.backward(1.0, left_out);
    const std::vector<double> analytic(network.gradient().begin(), network.gradient().end());
    double worst = 0, largest = 0;
    constexpr double kStep = 1e-5;
    for (std::size_t i = 0; i < analytic.size(); ++i) {
        double& w = network.weights()[i];
        const double before = w;
        w = before + kStep;
        const double up = loss();
        w = before - kStep;
        const double down = loss();
        w = before;
        worst = std::max(worst, std::abs(analytic[i] - (up - down) / (2 * kStep)));
        largest = std::max(largest, std::abs(analytic[i]));
    }
    return worst / largest;
}

TEST(RnnFrames, GradientAgreesWithFiniteDifferences) {
    EXPECT_LT(gradient_error(Term::kNone, {}), 1e-7);
    EXPECT_LT(gradient_error(Term::kNone, {.rate = 0.4, .seed = 5, .index = 2}), 1e-7);
}

TEST(RnnFrames, EveryTermOfTheGradientIsNeeded) {
    for (const Term term :
         {Term::kSoftmax, Term::kTarget, Term::kFromOutput, Term::kThroughTime, Term::kEmbedding})
        EXPECT_GT(gradient_error(term, {}), 1e-3) << static_cast<int>(term);
}

TEST(RnnFrames, LossIsThatOfTheirProbabilities) {
    const Frames frames;
    RnnNetwork<double> network(kSizes, frames.sets);
    network.initialise(2);
    std::vector<double> state(8, 0.0);
    const BlockLoss loss = network.forward(frames.block(), {}, state);
    EXPECT_EQ(loss.tokens, 7) << "one target is not predicted";
    double nats = 0;
    for (int lane = 0; lane < 2; ++lane)
        for (int step = 0; step < 4; ++step) {
            const int target = frames.targets[static_cast<std::size_t>(lane * 4 + step)];
            if (target < 0) continue;
            for (int key = 0; key < 5; ++key) {
                const double p = network.probabilities(lane, step)[static_cast<std::size_t>(key)];
                const auto set = (*frames.sets)[target];
                const bool sounds = std::find(set.begin(), set.end(), key) != set.end();
                nats -= std::log(sounds ? p : 1 - p);
            }
        }
    EXPECT_NEAR(loss.nats, nats, 1e-9);
}

TEST(RnnFrames, AreSavedAsAnotherType) {
    const Frames frames;
    const test_support::TemporaryFolder folder;
    save_rnn(RnnNetwork<float>(kSizes, frames.sets), 0, folder.path);
    EXPECT_EQ(base::read_json_file(folder.path / "config.json").value()["model_type"],
              "symphony-frames-rnn");
}

}  // namespace
}  // namespace symphony::models::rnn
