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

    // (1) x_t = E[token_t], of a frame the sum over its keys; thinned by dropout
    x.setZero();
    for (int j = 0; j < columns; ++j)
        for (const int row : meaning(input_ids_[static_cast<std::size_t>(j)]))
            x.col(j) += w.embedding_VE.row(row).transpose();
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
    for (int j = 0; j < columns; ++j) add_loss(j, loss);
    return loss;
}

// The head: logits y_t become probabilities p_t, and the target's cost is added. Both heads have
// the same gradient (7).
template <class T>
void RnnNetwork<T>::add_loss(int column, BlockLoss& loss) {
    auto p = columns_of(outputs_V_, sizes_.vocabulary, lanes_ * steps_).col(column);
    const int target = target_ids_[static_cast<std::size_t>(column)];
    if (frames_) {
        // (6') -sum over keys of log p if it sounds, log(1 - p) if not
        if (target >= 0) {
            const SetCost cost =
                cost_of_set<T>({p.data(), static_cast<std::size_t>(p.size())}, meaning(target));
            loss.nats += cost.nats;
            loss.hits += cost.is_most_probable;
            ++loss.tokens;
        }
        // (5') p_t = sigmoid(y_t), each key on its own
        p = (1 + (-p.array()).exp()).inverse();
        return;
    }
    // (5) p_t = softmax(y_t); the maximum is taken off first so that exp cannot overflow
    Eigen::Index best = 0;
    const T highest = p.maxCoeff(&best);
    p = (p.array() - highest).exp();
    const T sum = p.sum();
    p /= sum;
    // (6) the loss is -log p_t[target], summed
    if (target < 0) return;
    loss.nats -= std::log(std::max(static_cast<double>(p[target]), 1e-300));
    loss.hits += best == target;
    ++loss.tokens;
}

template BlockLoss RnnNetwork<float>::forward(const Block&, const Dropout&, std::span<float>);
template BlockLoss RnnNetwork<double>::forward(const Block&, const Dropout&, std::span<double>);

}  // namespace symphony::models::rnn
