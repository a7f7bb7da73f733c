// The five exercises of docs/rnn.md, on plain vectors: matrices are row-major.
#pragma once

#include <cstddef>
#include <vector>

namespace symphony::exercises {

using Vector = std::vector<double>;

// 1. Probabilities from logits, of any size.
Vector softmax(const Vector& logits_V);

// 2. -log softmax(logits)[target], and its gradient by the logits (equations 6 and 7).
struct Loss {
    double nats = 0;
    Vector d_logits_V;
};
Loss cross_entropy(const Vector& logits_V, std::size_t target);

// 3. h_t = tanh(W x + U h_{t-1} + b) (equations 2 and 3).
struct Cell {
    Vector input_HE, recurrent_HH, bias_H;
};
Vector step(const Cell& cell, const Vector& x_E, const Vector& before_H);

// 4. One step back: from d_h_t to d_a_t (equation 11, returned), adding to the gradients of W, U
// and b (equations 12 to 14).
Vector step_back(const Vector& x_E, const Vector& before_H, const Vector& h_H, const Vector& d_h_H,
                 Cell& gradient);

// 5. Scales all gradients by one factor so that their common length is at most `longest`. Returns
// the length before.
double clip(Cell& gradient, double longest);

}  // namespace symphony::exercises
