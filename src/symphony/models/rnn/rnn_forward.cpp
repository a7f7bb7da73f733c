// The forward pass; equation numbers are those of docs/rnn.md.
#include "symphony/base/rng.h"
#include "symphony/models/rnn/rnn_eigen.h"
#include "symphony/models/rnn/rnn_network.h"

#include <algorithm>
#include <cmath>

namespace symphony::models::rnn {

// Multiplies by a mask of 0 and 1 / (1 - rate), so that the mean stays; the mask is kept for the
// way back. Drawn 16 bits each.
template <class T>
void RnnNetwork<T>::drop(std::span<T> values, std::span<T> mask, const Dropout& dropout,
                         const char* purpose) {
    base::Rng rng(dropout.seed, purpose, dropout.index);
    const auto threshold = static_cast<std::uint32_t>(std::lround(dropout.rate * 65536));
    const T kept = static_cast<T>(1 / (1 - dropout.rate));
    for (std::size_t i = 0; i < mask.size(); i += 2) {
        const std::uint32_t bits = rng.next_u32();
        mask[i] = (bits & 0xffff) < threshold ? T{0} : kept;
        if (i + 1 < mask.size()) mask[i + 1] = (bits >> 16) < threshold ? T{0} : kept;
    }
    for (std::size_t i = 0; i < mask.size(); ++i) values[i] *= mask[i];
}

template <class T>
BlockLoss RnnNetwork<T>::forward(const Block& block, const Dropout& dropout,
                                 std::span<T> state_HB) {
    reserve(block.lanes, block.steps);
    dropout_ = dropout;
    const int B = lanes_, columns = lanes_ * steps_;
    const bool has_targets = !block.targets_BT.empty();
    for (int b = 0; b < B; ++b)
        for (int t = 0; t < steps_; ++t) {
            const auto from = static_cast<std::size_t>(b * steps_ + t);
            const auto to = static_cast<std::size_t>(t * B + b);
            input_ids_[to] = block.inputs_BT[from];
            target_ids_[to] = has_targets ? block.targets_BT[from] : -1;
            resets_[to] = block.reset_BT[from];
        }

    const WeightViews<T> w(weights_, layout_);
    auto x = columns_of(inputs_E_, sizes_.embedding, columns);
    auto h = columns_of(hidden_H_, sizes_.hidden, columns);
    auto previous = columns_of(previous_H_, sizes_.hidden, columns);
    auto dropped = columns_of(dropped_H_, sizes_.hidden, columns);
    auto y = columns_of(outputs_V_, sizes_.vocabulary, columns);
    ColumnMap<T> state(state_HB.data(), sizes_.hidden, B);

    // (1) x_t = E[token_t], thinned by dropout
    for (int j = 0; j < columns; ++j)
        x.col(j) = w.embedding_VE.row(input_ids_[static_cast<std::size_t>(j)]).transpose();
    if (dropout.rate > 0) drop({x.data(), mask_E_.size()}, mask_E_, dropout, "rnn-input");

    // (2) a_t = W x_t + U h_{t-1} + b: the part without recurrence, for all steps at once
    h.noalias() = w.input_HE * x;
    h.colwise() += w.bias_H;
    for (int t = 0; t < steps_; ++t) {
        for (int b = 0; b < B; ++b)
            if (resets_[static_cast<std::size_t>(t * B + b)]) state.col(b).setZero();
        previous.middleCols(t * B, B) = state;
        auto a = h.middleCols(t * B, B);
        a.noalias() += w.recurrent_HH * state;
        // (3) h_t = tanh(a_t)
        a = a.array().tanh();
        state = a;
    }

    // (4) y_t = O h_t + c, the state thinned by dropout
    dropped = h;
    if (dropout.rate > 0) drop({dropped.data(), mask_H_.size()}, mask_H_, dropout, "rnn-output");
    y.noalias() = w.output_VH * dropped;
    y.colwise() += w.output_bias_V;
    if (!has_targets) return {};

    BlockLoss loss;
    for (int j = 0; j < columns; ++j) {
        auto p = y.col(j);
        // (5) p_t = softmax(y_t); the maximum is taken off first so that exp cannot overflow
        Eigen::Index best = 0;
        const T highest = p.maxCoeff(&best);
        p = (p.array() - highest).exp();
        const T sum = p.sum();
        p /= sum;
        // (6) the loss is -log p_t[target], summed
        const int target = target_ids_[static_cast<std::size_t>(j)];
        if (target < 0) continue;
        loss.nats -= std::log(std::max(static_cast<double>(p[target]), 1e-300));
        loss.hits += best == target;
        ++loss.tokens;
    }
    return loss;
}

template BlockLoss RnnNetwork<float>::forward(const Block&, const Dropout&, std::span<float>);
template BlockLoss RnnNetwork<double>::forward(const Block&, const Dropout&, std::span<double>);

}  // namespace symphony::models::rnn
