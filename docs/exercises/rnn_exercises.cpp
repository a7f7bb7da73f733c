// To do the exercises: empty a body, write it anew, run the tests. docs/rnn.md has the equations.
#include "rnn_exercises.h"

#include <algorithm>
#include <cmath>

namespace symphony::exercises {

// Exercise 1. exp() of a large logit is infinite; a constant taken from all logits changes nothing.
Vector softmax(const Vector& logits_V) {
    const double highest = *std::max_element(logits_V.begin(), logits_V.end());
    Vector p;
    double sum = 0;
    for (double y : logits_V) sum += p.emplace_back(std::exp(y - highest));
    for (double& x : p) x /= sum;
    return p;
}

// Exercise 2. What was said, minus what was right.
Loss cross_entropy(const Vector& logits_V, std::size_t target) {
    Loss loss;
    loss.d_logits_V = softmax(logits_V);
    loss.nats = -std::log(loss.d_logits_V[target]);
    loss.d_logits_V[target] -= 1;
    return loss;
}

// Exercise 3. Two matrix-vector products, a bias, a tanh.
Vector step(const Cell& cell, const Vector& x_E, const Vector& before_H) {
    Vector h = cell.bias_H;
    for (std::size_t i = 0; i < h.size(); ++i) {
        for (std::size_t j = 0; j < x_E.size(); ++j)
            h[i] += cell.input_HE[i * x_E.size() + j] * x_E[j];
        for (std::size_t j = 0; j < before_H.size(); ++j)
            h[i] += cell.recurrent_HH[i * before_H.size() + j] * before_H[j];
        h[i] = std::tanh(h[i]);
    }
    return h;
}

// Exercise 4. The slope of tanh, then three outer products.
Vector step_back(const Vector& x_E, const Vector& before_H, const Vector& h_H, const Vector& d_h_H,
                 Cell& gradient) {
    Vector d_a(h_H.size());
    for (std::size_t i = 0; i < h_H.size(); ++i) {
        d_a[i] = (1 - h_H[i] * h_H[i]) * d_h_H[i];
        for (std::size_t j = 0; j < x_E.size(); ++j)
            gradient.input_HE[i * x_E.size() + j] += d_a[i] * x_E[j];
        for (std::size_t j = 0; j < before_H.size(); ++j)
            gradient.recurrent_HH[i * before_H.size() + j] += d_a[i] * before_H[j];
        gradient.bias_H[i] += d_a[i];
    }
    return d_a;
}

// Exercise 5. One length for all, one factor for all.
double clip(Cell& gradient, double longest) {
    Vector* const all[] = {&gradient.input_HE, &gradient.recurrent_HH, &gradient.bias_H};
    double square = 0;
    for (const Vector* part : all)
        for (double g : *part) square += g * g;
    const double length = std::sqrt(square);
    if (length > longest)
        for (Vector* part : all)
            for (double& g : *part) g *= longest / length;
    return length;
}

}  // namespace symphony::exercises
