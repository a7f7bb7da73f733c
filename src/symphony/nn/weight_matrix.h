// A weight matrix as inference keeps it: float32, bfloat16, or int8 with a scale per output
// channel. One token multiplies each weight once, so that its speed is memory's: fewer bytes are
// faster. Products are summed in float32 whatever the weights are.
#pragma once

#include "symphony/nn/bf16.h"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace symphony::nn {

enum class WeightPrecision { kFloat32, kBf16, kInt8 };
std::string_view precision_name(WeightPrecision precision);  // "float32", "bf16", "int8"
// Precondition: one of these names.
WeightPrecision precision_named(std::string_view name);

class WeightMatrix {
  public:
    WeightMatrix() = default;
    // weight (O,I), row-major. kInt8: row o is scale_O[o] times integers of -127..127, the nearest
    // ones for the row's largest magnitude (symmetric, per output channel).
    WeightMatrix(std::span<const float> weight_OI, std::int64_t out, std::int64_t in,
                 WeightPrecision precision);

    std::int64_t out() const { return out_; }
    std::int64_t in() const { return in_; }
    std::int64_t bytes() const;
    // (O,I). Precondition: the precision is kFloat32.
    const float* floats() const { return float32_.data(); }

    // y (N,O) = x (N,I) W transposed + beta y, beta 0 or 1, for one vector or a few. Each row has
    // the same bits in any company. One thread, no allocation once it has run.
    void multiply(const float* x_NI, std::int64_t rows, float beta, float* y_NO) const;
    // The same for many rows, where the bits depend on how many: through oneDNN's matrix products,
    // in bfloat16 where the weights are and the CPU has it.
    void multiply_rows(const float* x_NI, std::int64_t rows, float beta, float* y_NO) const;
    // Row `o` as float32 (I).
    void copy_row(std::int64_t o, float* row_I) const;

  private:
    WeightPrecision precision_ = WeightPrecision::kFloat32;
    std::int64_t out_ = 0, in_ = 0;
    std::vector<float> float32_;
    std::vector<Bf16> bf16_;
    std::vector<std::int8_t> int8_;
    std::vector<float> scale_O_;
};

}  // namespace symphony::nn
