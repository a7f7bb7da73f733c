// A matrix of weights with a bias, or without.
#pragma once

#include "symphony/models/weights.h"
#include "symphony/nn/elementwise.h"
#include "symphony/nn/rows.h"
#include "symphony/nn/weight_matrix.h"

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::models {

struct Linear {
    nn::WeightMatrix weight;    // (O,I)
    std::vector<float> bias_O;  // empty: none

    // As WeightMatrix has them; the bias is added.
    void multiply(const float* x_NI, std::int64_t rows, float beta, float* y_NO) const {
        weight.multiply(x_NI, rows, beta, y_NO);
        if (bias_O.empty()) return;
        for (std::int64_t row = 0; row < rows; ++row)
            nn::add_scaled(1.0f, bias_O.data(), y_NO + row * weight.out(), bias_O.size());
    }
    void multiply_rows(const float* x_NI, std::int64_t rows, float beta, float* y_NO) const {
        weight.multiply_rows(x_NI, rows, beta, y_NO);
        if (!bias_O.empty()) nn::add_bias_rows(bias_O.data(), rows, weight.out(), y_NO);
    }
};

// One of several matrices that become one, their outputs side by side.
struct LinearPart {
    std::string name;  // of NAME.weight and NAME.bias
    std::int64_t out;
    float scale = 1;  // what it gives is multiplied by it
};

// Takes the parts out of `weights`. Throws Error (kModel) if one is missing or misshapen.
Linear take_linear(Weights& weights, const std::vector<LinearPart>& parts, std::int64_t in,
                   bool has_bias, nn::WeightPrecision precision);

}  // namespace symphony::models
