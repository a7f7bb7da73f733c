#include "symphony/nn/rows.h"

#include "symphony/nn/elementwise.h"
#include "symphony/nn/stored_row.h"

#include <algorithm>
#include <cstddef>
#include <type_traits>
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

// Floats that a thread needs to work on a row of `width` numbers.
template <class Stored>
std::size_t scratch_size(std::int64_t width) {
    return std::is_same_v<Stored, float> ? 0 : index(width);
}

}  // namespace

template <class Stored>
void rms_norm_rows(const float* x_NC, const float* weight_C, std::int64_t rows, std::int64_t width,
                   float epsilon, Stored* out_NC, float* inverse_rms_N) {
#pragma omp parallel if (rows > 1)
    {
        std::vector<float> scratch(scratch_size<Stored>(width));
#pragma omp for schedule(static)
        for (std::int64_t row = 0; row < rows; ++row) {
            Stored* out = out_NC + row * width;
            float* normed = row_room(out, scratch.data());
            const float inverse_rms =
                rms_norm(x_NC + row * width, weight_C, index(width), epsilon, normed);
            keep_row(normed, index(width), out);
            if (inverse_rms_N != nullptr) inverse_rms_N[row] = inverse_rms;
        }
    }
}

template <class Stored>
void rms_norm_rows_backward(const float* x_NC, const float* weight_C, const Stored* dout_NC,
                            const float* inverse_rms_N, std::int64_t rows, std::int64_t width,
                            float* dx_NC, float* dweight_C) {
    const int parts = thread_count();
    std::vector<float> sums(index(parts * width));
#pragma omp parallel for schedule(static, 1)
    for (int part = 0; part < parts; ++part) {
        std::vector<float> scratch(scratch_size<Stored>(width));
        for (std::int64_t row = rows * part / parts; row < rows * (part + 1) / parts; ++row) {
            const std::int64_t at = row * width;
            const float* dout = read_row(dout_NC + at, index(width), scratch.data());
            rms_norm_backward(x_NC + at, weight_C, dout, inverse_rms_N[row], index(width),
                              dx_NC + at, sums.data() + part * width);
        }
    }
    std::copy_n(sums.data(), width, dweight_C);
    for (int part = 1; part < parts; ++part) {
        add_scaled(1.0f, sums.data() + part * width, dweight_C, index(width));
    }
}

template <class Stored>
void swiglu_rows(const Stored* gate_up, std::int64_t rows, std::int64_t width, Stored* out_NI) {
#pragma omp parallel if (rows > 1)
    {
        std::vector<float> in(scratch_size<Stored>(2 * width)), activated(in.size() / 2);
#pragma omp for schedule(static)
        for (std::int64_t row = 0; row < rows; ++row) {
            const float* gate = read_row(gate_up + 2 * row * width, index(2 * width), in.data());
            Stored* out = out_NI + row * width;
            float* room = row_room(out, activated.data());
            swiglu(gate, gate + width, index(width), room);
            keep_row(room, index(width), out);
        }
    }
}

template <class Stored>
void swiglu_rows_backward(const Stored* gate_up, const Stored* dout_NI, std::int64_t rows,
                          std::int64_t width, Stored* dgate_up) {
#pragma omp parallel if (rows > 1)
    {
        std::vector<float> in(scratch_size<Stored>(2 * width)), din(in.size());
        std::vector<float> dactivated(in.size() / 2);
#pragma omp for schedule(static)
        for (std::int64_t row = 0; row < rows; ++row) {
            const float* gate = read_row(gate_up + 2 * row * width, index(2 * width), in.data());
            const float* dout = read_row(dout_NI + row * width, index(width), dactivated.data());
            Stored* to = dgate_up + 2 * row * width;
            float* dgate = row_room(to, din.data());
            swiglu_backward(gate, gate + width, dout, index(width), dgate, dgate + width);
            keep_row(dgate, index(2 * width), to);
        }
    }
}

template void rms_norm_rows(const float*, const float*, std::int64_t, std::int64_t, float, float*,
                            float*);
template void rms_norm_rows(const float*, const float*, std::int64_t, std::int64_t, float, Bf16*,
                            float*);
template void rms_norm_rows_backward(const float*, const float*, const float*, const float*,
                                     std::int64_t, std::int64_t, float*, float*);
template void rms_norm_rows_backward(const float*, const float*, const Bf16*, const float*,
                                     std::int64_t, std::int64_t, float*, float*);
template void swiglu_rows(const float*, std::int64_t, std::int64_t, float*);
template void swiglu_rows(const Bf16*, std::int64_t, std::int64_t, Bf16*);
template void swiglu_rows_backward(const float*, const float*, std::int64_t, std::int64_t, float*);
template void swiglu_rows_backward(const Bf16*, const Bf16*, std::int64_t, std::int64_t, Bf16*);

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
#pragma omp parallel for schedule(static)
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
