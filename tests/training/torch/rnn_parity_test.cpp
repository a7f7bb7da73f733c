// The hand-written RNN beside libtorch's nn::RNN: equal weights give equal losses, gradients and
// states, in double.
#include "symphony/base/rng.h"
#include "symphony/models/rnn/rnn_network.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/nn/modules/rnn.h>

#include <algorithm>
#include <vector>

namespace symphony::models::rnn {
namespace {

constexpr int kVocabulary = 19, kEmbedding = 7, kHidden = 11, kLanes = 3, kSteps = 13;

std::vector<int> random_ids(std::uint64_t seed) {
    base::Rng rng(seed, "rnn parity");
    std::vector<int> ids;
    for (int i = 0; i < kLanes * kSteps; ++i)
        ids.push_back(static_cast<int>(rng.below(kVocabulary)));
    return ids;
}

class RnnParityTest : public ::testing::Test {
  protected:
    RnnNetwork<double> network_{RnnSizes{kVocabulary, kEmbedding, kHidden}};
    torch::nn::RNN rnn_{torch::nn::RNNOptions(kEmbedding, kHidden).batch_first(true)};
    at::Tensor embedding_, output_, output_bias_;

    void SetUp() override {
        network_.initialise(3);
        base::Rng rng(4, "biases");
        for (double& w : network_.weights()) w += 0.1 * rng.normal();  // no weight is zero
        rnn_->to(at::kDouble);
        const at::NoGradGuard no_graph;
        embedding_ = weight(network_.layout().embedding).set_requires_grad(true);
        output_ = weight(network_.layout().output).set_requires_grad(true);
        output_bias_ = weight(network_.layout().output_bias).set_requires_grad(true);
        auto parameters = rnn_->named_parameters();
        parameters["weight_ih_l0"].copy_(weight(network_.layout().input));
        parameters["weight_hh_l0"].copy_(weight(network_.layout().recurrent));
        parameters["bias_ih_l0"].copy_(weight(network_.layout().bias));
        parameters["bias_hh_l0"].zero_();
    }

    at::Tensor of(std::span<const double> flat, const Slice& slice) const {
        std::vector<std::int64_t> sizes = {slice.rows};
        if (slice.is_matrix()) sizes.push_back(slice.columns);
        const at::Tensor values = at::empty(sizes, at::kDouble);
        std::copy_n(flat.begin() + slice.offset, slice.size(), values.data_ptr<double>());
        return values;
    }
    at::Tensor weight(const Slice& slice) { return of(network_.weights(), slice); }
    at::Tensor gradient(const Slice& slice) { return of(network_.gradient(), slice); }
};

double largest_difference(const at::Tensor& a, const at::Tensor& b) {
    return (a - b).abs().max().item<double>();
}

TEST_F(RnnParityTest, EqualLossesGradientsAndStatesOverTwoBlocks) {
    std::vector<double> state(kHidden * kLanes, 0.0);
    at::Tensor torch_state = at::zeros({1, kLanes, kHidden}, at::kDouble);
    const std::vector<std::uint8_t> no_reset(kLanes * kSteps, 0);
    for (std::uint64_t block = 0; block < 2; ++block) {
        const auto inputs = random_ids(2 * block), targets = random_ids(2 * block + 1);
        network_.clear_gradient();
        const BlockLoss loss =
            network_.forward({kLanes, kSteps, inputs, targets, no_reset}, {}, state);
        network_.backward(1.0);

        const at::Tensor ids = at::tensor(at::ArrayRef<int>(inputs)).to(at::kLong);
        const at::Tensor wanted = at::tensor(at::ArrayRef<int>(targets)).to(at::kLong);
        for (at::Tensor* leaf : {&embedding_, &output_, &output_bias_}) {
            leaf->mutable_grad() = at::Tensor();
        }
        rnn_->zero_grad();
        const auto [out, last] = rnn_->forward(
            at::embedding(embedding_, ids).view({kLanes, kSteps, kEmbedding}), torch_state);
        const at::Tensor logits =
            at::addmm(output_bias_, out.reshape({kLanes * kSteps, kHidden}), output_.t());
        const at::Tensor expected = at::cross_entropy_loss(logits, wanted, {}, at::Reduction::Sum);
        expected.backward();
        torch_state = last.detach();

        EXPECT_NEAR(loss.nats, expected.item<double>(), 1e-9);
        const RnnLayout& layout = network_.layout();
        auto parameters = rnn_->named_parameters();
        EXPECT_LT(largest_difference(gradient(layout.embedding), embedding_.grad()), 1e-9);
        EXPECT_LT(largest_difference(gradient(layout.input), parameters["weight_ih_l0"].grad()),
                  1e-9);
        EXPECT_LT(largest_difference(gradient(layout.recurrent), parameters["weight_hh_l0"].grad()),
                  1e-9);
        EXPECT_LT(largest_difference(gradient(layout.bias), parameters["bias_ih_l0"].grad()), 1e-9);
        EXPECT_LT(largest_difference(gradient(layout.output), output_.grad()), 1e-9);
        EXPECT_LT(largest_difference(gradient(layout.output_bias), output_bias_.grad()), 1e-9);
        for (int lane = 0; lane < kLanes; ++lane) {
            for (int i = 0; i < kHidden; ++i) {
                EXPECT_NEAR(state[static_cast<std::size_t>(lane * kHidden + i)],
                            torch_state[0][lane][i].item<double>(), 1e-12);
            }
        }
    }
}

}  // namespace
}  // namespace symphony::models::rnn
