// The backward pass; equation numbers are those of docs/rnn.md. d_name is d(loss)/d(name).
#include "symphony/models/rnn/rnn_eigen.h"
#include "symphony/models/rnn/rnn_network.h"

#include <algorithm>

namespace symphony::models::rnn {

template <class T>
void RnnNetwork<T>::clear_gradient() {
    std::fill(gradient_.begin(), gradient_.end(), T{0});
}

template <class T>
void RnnNetwork<T>::backward(T scale, Term left_out) {
    const int B = lanes_, columns = lanes_ * steps_;
    const auto keeps = [left_out](Term term) { return term != left_out; };
    const WeightViews<T> w(weights_, layout_);
    WeightViews<T> d(gradient_, layout_);
    const auto x = columns_of(inputs_E_, sizes_.embedding, columns);
    const auto h = columns_of(hidden_H_, sizes_.hidden, columns);
    const auto previous = columns_of(previous_H_, sizes_.hidden, columns);
    const auto dropped = columns_of(dropped_H_, sizes_.hidden, columns);
    const auto p = columns_of(outputs_V_, sizes_.vocabulary, columns);
    auto d_y = columns_of(d_outputs_V_, sizes_.vocabulary, columns);
    auto d_h = columns_of(d_hidden_H_, sizes_.hidden, columns);
    auto d_x = columns_of(d_inputs_E_, sizes_.embedding, columns);
    auto d_next = columns_of(d_next_H_, sizes_.hidden, B);

    // (7) d_y_t = p_t - [1 at the target, or at a frame's keys]; nothing where nothing was to be
    // predicted
    for (int j = 0; j < columns; ++j) {
        const int target = target_ids_[static_cast<std::size_t>(j)];
        d_y.col(j).setZero();
        if (target < 0) continue;
        if (keeps(Term::kSoftmax)) d_y.col(j) = p.col(j);
        if (!keeps(Term::kTarget)) continue;
        for (const int row : meaning(target)) d_y(row, j) -= 1;
    }
    d_y *= scale;

    // (8) d_O = sum_t d_y_t h_t'      (9) d_c = sum_t d_y_t
    if (keeps(Term::kOutputWeights)) d.output_VH.noalias() += d_y * dropped.transpose();
    if (keeps(Term::kOutputBias)) d.output_bias_V += d_y.rowwise().sum();

    // (10) d_h_t = O' d_y_t + U' d_a_{t+1}: the part without recurrence, for all steps at once
    d_h.setZero();
    if (keeps(Term::kFromOutput)) d_h.noalias() = w.output_VH.transpose() * d_y;
    if (dropout_.rate > 0) d_h.array() *= columns_of(mask_H_, sizes_.hidden, columns).array();
    d_next.setZero();
    for (int t = steps_ - 1; t >= 0; --t) {
        auto d_a = d_h.middleCols(t * B, B);
        if (keeps(Term::kThroughTime)) d_a += d_next;
        // (11) d_a_t = (1 - h_t^2) * d_h_t, element by element
        if (keeps(Term::kTanhSlope)) d_a.array() *= 1 - h.middleCols(t * B, B).array().square();
        d_next.noalias() = w.recurrent_HH.transpose() * d_a;
        // A state that was zeroed on the way forward lets nothing through on the way back.
        for (int b = 0; b < B; ++b)
            if (resets_[static_cast<std::size_t>(t * B + b)]) d_next.col(b).setZero();
    }
    const auto& d_a = d_h;  // every column has become d_a_t

    // (12) d_W = sum_t d_a_t x_t'   (13) d_U = sum_t d_a_t h_{t-1}'   (14) d_b = sum_t d_a_t
    if (keeps(Term::kInputWeights)) d.input_HE.noalias() += d_a * x.transpose();
    if (keeps(Term::kRecurrentWeights)) d.recurrent_HH.noalias() += d_a * previous.transpose();
    if (keeps(Term::kBias)) d.bias_H += d_a.rowwise().sum();

    // (15) d_E[token_t] += W' d_a_t, of a frame for each of its keys
    if (!keeps(Term::kEmbedding)) return;
    d_x.noalias() = w.input_HE.transpose() * d_a;
    if (dropout_.rate > 0) d_x.array() *= columns_of(mask_E_, sizes_.embedding, columns).array();
    for (int j = 0; j < columns; ++j)
        for (const int row : meaning(input_ids_[static_cast<std::size_t>(j)]))
            d.embedding_VE.row(row) += d_x.col(j).transpose();
}

template void RnnNetwork<float>::clear_gradient();
template void RnnNetwork<double>::clear_gradient();
template void RnnNetwork<float>::backward(float, Term);
template void RnnNetwork<double>::backward(double, Term);

}  // namespace symphony::models::rnn
