#include "symphony/nn/rows.h"

#include "symphony/nn/elementwise.h"

#include <algorithm>
#include <cstddef>
#include <vector>
#ifdef _OPENMP
#include <omp.h>
#endif

namespace symphony::nn {

namespace {

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

int thread_count() {
#ifdef _OPENMP
    return omp_get_max_threads();
#else
    return 1;
#endif
}

}  // namespace

void rms_norm_rows(const float* x_NC, const float* weight_C, std::int64_t rows, std::int64_t width,
                   float epsilon, float* out_NC, float* inverse_rms_N) {
#pragma omp parallel for schedule(static) if (rows > 1)
    for (std::int64_t row = 0; row < rows; ++row) {
        const float inverse_rms =
            rms_norm(x_NC + row * width, weight_C, index(width), epsilon, out_NC + row * width);
        if (inverse_rms_N != nullptr) inverse_rms_N[row] = inverse_rms;
    }
}

void rms_norm_rows_backward(const float* x_NC, const float* weight_C, const float* dout_NC,
                            const float* inverse_rms_N, std::int64_t rows, std::int64_t width,
                            float* dx_NC, float* dweight_C) {
    const int parts = thread_count();
    std::vector<float> sums(index(parts * width));
#pragma omp parallel for schedule(static, 1)
    for (int part = 0; part < parts; ++part) {
        for (std::int64_t row = rows * part / parts; row < rows * (part + 1) / parts; ++row) {
            const std::int64_t at = row * width;
            rms_norm_backward(x_NC + at, weight_C, dout_NC + at, inverse_rms_N[row], index(width),
                              dx_NC + at, sums.data() + part * width);
        }
    }
    std::copy_n(sums.data(), width, dweight_C);
    for (int part = 1; part < parts; ++part) {
        add_scaled(1.0f, sums.data() + part * width, dweight_C, index(width));
    }
}

void swiglu_rows(const float* gate_up, std::int64_t rows, std::int64_t width, float* out_NI) {
#pragma omp parallel for schedule(static) if (rows > 1)
    for (std::int64_t row = 0; row < rows; ++row) {
        const float* gate = gate_up + 2 * row * width;
        swiglu(gate, gate + width, index(width), out_NI + row * width);
    }
}

void swiglu_rows_backward(const float* gate_up, const float* dout_NI, std::int64_t rows,
                          std::int64_t width, float* dgate_up) {
#pragma omp parallel for schedule(static)
    for (std::int64_t row = 0; row < rows; ++row) {
        const float* gate = gate_up + 2 * row * width;
        float* dgate = dgate_up + 2 * row * width;
        swiglu_backward(gate, gate + width, dout_NI + row * width, index(width), dgate,
                        dgate + width);
    }
}

void dropout_add_all(const float* x, const float* base, std::int64_t n, float probability,
                     std::uint32_t key, float* out) {
    constexpr std::int64_t kChunk = 1 << 14;
    const std::int64_t chunks = (n + kChunk - 1) / kChunk;
#pragma omp parallel for schedule(static)
    for (std::int64_t chunk = 0; chunk < chunks; ++chunk) {
        const std::int64_t first = chunk * kChunk, count = std::min(kChunk, n - first);
        dropout_add(x + first, base == nullptr ? nullptr : base + first, index(count), probability,
                    key, static_cast<std::uint32_t>(first), out + first);
    }
}

void add_bias_rows(const float* bias_C, std::int64_t rows, std::int64_t width, float* y_NC) {
    for (std::int64_t row = 0; row < rows; ++row) {
        add_scaled(1.0f, bias_C, y_NC + row * width, index(width));
    }
}

double cross_entropy_rows(const float* logits_NV, const int* targets_N, std::int64_t rows,
                          std::int64_t width, float scale, float* dlogits_NV) {
    std::vector<double> losses(index(rows));
#pragma omp parallel
    {
        std::vector<float> own(index(width));
#pragma omp for schedule(static)
        for (std::int64_t row = 0; row < rows; ++row) {
            float* p = dlogits_NV == nullptr ? own.data() : dlogits_NV + row * width;
            const int target = targets_N[row];
            if (target < 0) {
                std::fill_n(p, width, 0.0f);
                continue;
            }
            const float* logits = logits_NV + row * width;
            std::copy_n(logits, width, p);
            const float log_sum = softmax(p, index(width));
            losses[index(row)] = static_cast<double>(log_sum) - static_cast<double>(logits[target]);
            p[target] -= 1.0f;
            for (std::int64_t i = 0; i < width; ++i) p[i] *= scale;
        }
    }
    double sum = 0;  // in the rows' order at any thread count
    for (const double loss : losses) sum += loss;
    return sum;
}

}  // namespace symphony::nn
