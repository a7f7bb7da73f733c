#include "symphony/nn/lstm_layer.h"

#include "symphony/nn/aligned.h"
#include "symphony/nn/bf16.h"
#include "symphony/nn/elementwise.h"
#include "symphony/nn/gemm.h"

#include <algorithm>
#include <vector>
#ifdef _OPENMP
#include <omp.h>
#endif

namespace symphony::nn {

namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// How many threads share the lanes: none without one.
int parts_for([[maybe_unused]] std::int64_t lanes) {
#ifdef _OPENMP
    return static_cast<int>(std::min<std::int64_t>(omp_get_max_threads(), lanes));
#else
    return 1;
#endif
}

void zero_reset_lanes(const std::uint8_t* reset_B, std::int64_t first, std::int64_t last,
                      std::int64_t width, float* rows) {
    for (std::int64_t lane = first; lane < last; ++lane) {
        if (reset_B[lane] != 0) std::fill_n(rows + lane * width, width, 0.0f);
    }
}

}  // namespace

void lstm_forward(const LstmShape& shape, const float* w_hh_GH, const std::uint8_t* reset_TB,
                  const LstmTape& tape, float* state_h_BH, float* state_c_BH, float* out_TBH) {
    const std::int64_t lanes = shape.batch_size, width = shape.hidden, gates = 4 * width;
    const int parts = parts_for(lanes);
    // Packed once a window: repacked at every step, W_hh would cost more than the product.
    const PackedMatrix recurrent(Op::kTransposed, width, gates, w_hh_GH, width,
                                 (lanes + parts - 1) / parts, shape.bf16);
#pragma omp parallel for schedule(static, 1) num_threads(parts)
    for (int part = 0; part < parts; ++part) {
        const std::int64_t first = lanes * part / parts, last = lanes * (part + 1) / parts;
        const std::int64_t begin = first * width, count = (last - first) * width;
        if (first == last) continue;
        const PackedMatrix::Worker product(recurrent, last - first, 1.0f);
        for (std::int64_t t = 0; t < shape.time; ++t) {
            float* h_before = tape.h_before_TBH + t * lanes * width;
            float* c_before = tape.c_before_TBH + t * lanes * width;
            std::copy_n(state_h_BH + begin, count, h_before + begin);
            std::copy_n(state_c_BH + begin, count, c_before + begin);
            if (reset_TB != nullptr) {
                zero_reset_lanes(reset_TB + t * lanes, first, last, width, h_before);
                zero_reset_lanes(reset_TB + t * lanes, first, last, width, c_before);
            }
            float* gates_t = tape.gates_TBG + t * lanes * gates;
            product.multiply(h_before + begin, gates_t + first * gates);
            for (std::int64_t lane = first; lane < last; ++lane) {
                const std::int64_t row = lane * width;
                lstm_cell(gates_t + lane * gates, c_before + row, index(width), state_c_BH + row,
                          tape.tanh_c_TBH + t * lanes * width + row, state_h_BH + row);
            }
            std::copy_n(state_h_BH + begin, count, out_TBH + t * lanes * width + begin);
        }
    }
}

void lstm_backward(const LstmShape& shape, const float* w_hh_GH, const std::uint8_t* reset_TB,
                   const LstmTape& tape, const float* dout_TBH, float* dgates_TBG,
                   float* dw_hh_GH) {
    const std::int64_t lanes = shape.batch_size, width = shape.hidden, gates = 4 * width;
    AlignedVector<float> dh(index(lanes * width)), dc(dh.size());
    const int parts = parts_for(lanes);
    const PackedMatrix recurrent(Op::kPlain, gates, width, w_hh_GH, width,
                                 (lanes + parts - 1) / parts, shape.bf16);
#pragma omp parallel for schedule(static, 1) num_threads(parts)
    for (int part = 0; part < parts; ++part) {
        const std::int64_t first = lanes * part / parts, last = lanes * (part + 1) / parts;
        const std::int64_t begin = first * width, count = (last - first) * width;
        if (first == last) continue;
        const PackedMatrix::Worker product(recurrent, last - first, 0.0f);
        for (std::int64_t t = shape.time - 1; t >= 0; --t) {
            const std::int64_t rows = t * lanes * width;
            float* dgates_t = dgates_TBG + t * lanes * gates;
            add_scaled(1.0f, dout_TBH + rows + begin, dh.data() + begin, index(count));
            for (std::int64_t lane = first; lane < last; ++lane) {
                const std::int64_t row = rows + lane * width;
                lstm_cell_backward(tape.gates_TBG + t * lanes * gates + lane * gates,
                                   tape.c_before_TBH + row, tape.tanh_c_TBH + row,
                                   dh.data() + lane * width, index(width), dc.data() + lane * width,
                                   dgates_t + lane * gates);
            }
            product.multiply(dgates_t + first * gates, dh.data() + begin);
            if (reset_TB != nullptr) {
                zero_reset_lanes(reset_TB + t * lanes, first, last, width, dh.data());
                zero_reset_lanes(reset_TB + t * lanes, first, last, width, dc.data());
            }
        }
    }
    const std::int64_t rows = shape.time * lanes;
    if (shape.bf16) {
        AlignedVector<Bf16> dgates(index(rows * gates)), h_before(index(rows * width));
        to_bf16(dgates_TBG, rows * gates, dgates.data());
        to_bf16(tape.h_before_TBH, rows * width, h_before.data());
        gemm_bf16(Op::kTransposed, Op::kPlain, gates, width, rows, dgates.data(), gates,
                  h_before.data(), width, 0.0f, dw_hh_GH, width);
    } else {
        gemm(Op::kTransposed, Op::kPlain, gates, width, rows, dgates_TBG, gates, tape.h_before_TBH,
             width, 0.0f, dw_hh_GH, width);
    }
}

}  // namespace symphony::nn
