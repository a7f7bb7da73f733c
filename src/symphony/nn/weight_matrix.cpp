#include "symphony/nn/weight_matrix.h"

#include "symphony/nn/gemm.h"
#include "symphony/nn/matrix_vector.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace symphony::nn {

namespace {

constexpr float kLargestInt8 = 127;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

}  // namespace

std::string_view precision_name(WeightPrecision precision) {
    switch (precision) {
        case WeightPrecision::kFloat32:
            return "float32";
        case WeightPrecision::kBf16:
            return "bf16";
        case WeightPrecision::kInt8:
            return "int8";
    }
    return "";
}

WeightPrecision precision_named(std::string_view name) {
    for (const WeightPrecision precision : {WeightPrecision::kFloat32, WeightPrecision::kBf16})
        if (name == precision_name(precision)) return precision;
    assert(name == precision_name(WeightPrecision::kInt8));
    return WeightPrecision::kInt8;
}

WeightMatrix::WeightMatrix(std::span<const float> weight_OI, std::int64_t out, std::int64_t in,
                           WeightPrecision precision)
    : precision_(precision), out_(out), in_(in) {
    switch (precision) {
        case WeightPrecision::kFloat32:
            float32_.assign(weight_OI.begin(), weight_OI.end());
            break;
        case WeightPrecision::kBf16:
            bf16_.resize(weight_OI.size());
            to_bf16(weight_OI.data(), out * in, bf16_.data());
            break;
        case WeightPrecision::kInt8:
            int8_.resize(weight_OI.size());
            for (std::int64_t o = 0; o < out; ++o) {
                const auto row = weight_OI.subspan(index(o * in), index(in));
                float largest = 0;
                for (const float w : row) largest = std::max(largest, std::abs(w));
                const float scale = largest / kLargestInt8;
                scale_O_.push_back(scale);
                for (std::int64_t i = 0; i < in; ++i)
                    int8_[index(o * in + i)] =
                        scale == 0 ? std::int8_t{0}
                                   : static_cast<std::int8_t>(std::lround(row[index(i)] / scale));
            }
            break;
    }
}

std::int64_t WeightMatrix::bytes() const {
    return static_cast<std::int64_t>(sizeof(float) * (float32_.size() + scale_O_.size()) +
                                     sizeof(Bf16) * bf16_.size() + int8_.size());
}

void WeightMatrix::multiply(const float* x_NI, std::int64_t rows, float beta, float* y_NO) const {
    switch (precision_) {
        case WeightPrecision::kFloat32:
            matrix_vectors(float32_.data(), out_, in_, x_NI, rows, nullptr, beta, y_NO);
            break;
        case WeightPrecision::kBf16:
            matrix_vectors(bf16_.data(), out_, in_, x_NI, rows, nullptr, beta, y_NO);
            break;
        case WeightPrecision::kInt8:
            matrix_vectors(int8_.data(), out_, in_, x_NI, rows, scale_O_.data(), beta, y_NO);
            break;
    }
}

void WeightMatrix::multiply_rows(const float* x_NI, std::int64_t rows, float beta,
                                 float* y_NO) const {
    if (precision_ == WeightPrecision::kBf16 && has_fast_bf16()) {
        std::vector<Bf16> x(index(rows * in_));
        to_bf16(x_NI, rows * in_, x.data());
        gemm_bf16(Op::kPlain, Op::kTransposed, rows, out_, in_, x.data(), in_, bf16_.data(), in_,
                  beta, y_NO, out_);
        return;
    }
    const float* weight = float32_.data();
    std::vector<float> widened;  // many rows pay for widening the weights once
    if (precision_ != WeightPrecision::kFloat32) {
        widened.resize(index(out_ * in_));
        for (std::int64_t o = 0; o < out_; ++o) copy_row(o, widened.data() + o * in_);
        weight = widened.data();
    }
    gemm(Op::kPlain, Op::kTransposed, rows, out_, in_, x_NI, in_, weight, in_, beta, y_NO, out_);
}

void WeightMatrix::copy_row(std::int64_t o, float* row_I) const {
    const std::int64_t at = o * in_;
    switch (precision_) {
        case WeightPrecision::kFloat32:
            std::copy_n(float32_.begin() + at, in_, row_I);
            break;
        case WeightPrecision::kBf16:
            std::transform(bf16_.begin() + at, bf16_.begin() + at + in_, row_I, bf16_value);
            break;
        case WeightPrecision::kInt8: {
            const float scale = scale_O_[index(o)];
            std::transform(int8_.begin() + at, int8_.begin() + at + in_, row_I,
                           [scale](std::int8_t q) { return scale * static_cast<float>(q); });
            break;
        }
    }
}

}  // namespace symphony::nn
