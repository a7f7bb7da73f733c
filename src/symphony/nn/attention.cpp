#include "symphony/nn/attention.h"

#include "symphony/nn/elementwise.h"
#include "symphony/nn/gemm.h"

#include <algorithm>
#include <cmath>

namespace symphony::nn {

namespace {

constexpr std::int64_t kBlockRows = 64;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// One head of one lane: pointers to its first row, and how far apart rows lie.
struct Head {
    const float *query, *key, *value;
    std::int64_t stride;
    const std::int32_t* segment_start;  // may be null

    Head(const AttentionShape& shape, const float* qkv, const std::int32_t* segment_start_BT,
         std::int64_t lane, std::int64_t head)
        : query(qkv + lane * shape.time * 3 * shape.width() + head * shape.head_size),
          key(query + shape.width()),
          value(key + shape.width()),
          stride(3 * shape.width()),
          segment_start(segment_start_BT == nullptr ? nullptr
                                                    : segment_start_BT + lane * shape.time) {}
    std::int64_t start(std::int64_t t) const { return segment_start ? segment_start[t] : 0; }
};

float score_scale(const AttentionShape& shape) {
    return 1.0f / std::sqrt(static_cast<float>(shape.head_size));
}

// scores (rows, keys) = queries [r0, r1) x keys [k0, r1).
void block_scores(const AttentionShape& shape, const Head& head, std::int64_t r0, std::int64_t r1,
                  std::int64_t k0, float* scores) {
    gemm(Op::kPlain, Op::kTransposed, r1 - r0, r1 - k0, shape.head_size,
         head.query + r0 * head.stride, head.stride, head.key + k0 * head.stride, head.stride, 0.0f,
         scores, r1 - k0);
}

void forward_head(const AttentionShape& shape, const Head& head, float* out, float* log_sums,
                  std::vector<float>& scratch) {
    scratch.resize(index(kBlockRows * shape.time));
    for (std::int64_t r0 = 0; r0 < shape.time; r0 += kBlockRows) {
        const std::int64_t r1 = std::min(r0 + kBlockRows, shape.time);
        const std::int64_t k0 = head.start(r0), keys = r1 - k0;
        float* scores = scratch.data();
        block_scores(shape, head, r0, r1, k0, scores);
        for (std::int64_t t = r0; t < r1; ++t) {
            float* row = scores + (t - r0) * keys;
            const std::int64_t first = head.start(t) - k0, last = t - k0 + 1;
            std::fill(row, row + first, 0.0f);
            std::fill(row + last, row + keys, 0.0f);
            const float log_sum = softmax(row + first, index(last - first), score_scale(shape));
            if (log_sums != nullptr) log_sums[t] = log_sum;
        }
        gemm(Op::kPlain, Op::kPlain, r1 - r0, shape.head_size, keys, scores, keys,
             head.value + k0 * head.stride, head.stride, 0.0f, out + r0 * shape.width(),
             shape.width());
    }
}

void backward_head(const AttentionShape& shape, const Head& head, const float* out,
                   const float* log_sums, const float* dout, float* dquery,
                   std::vector<float>& scratch) {
    const std::int64_t size = shape.head_size, stride = head.stride, width = shape.width();
    float *dkey = dquery + width, *dvalue = dkey + width;
    for (std::int64_t t = 0; t < shape.time; ++t) {
        std::fill_n(dkey + t * stride, size, 0.0f);
        std::fill_n(dvalue + t * stride, size, 0.0f);
    }
    scratch.resize(index(2 * kBlockRows * shape.time));
    for (std::int64_t r0 = 0; r0 < shape.time; r0 += kBlockRows) {
        const std::int64_t r1 = std::min(r0 + kBlockRows, shape.time), rows = r1 - r0;
        const std::int64_t k0 = head.start(r0), keys = r1 - k0;
        float *p = scratch.data(), *ds = p + kBlockRows * shape.time;
        block_scores(shape, head, r0, r1, k0, p);
        // ds = dout x value transposed, d loss / d probabilities for now
        gemm(Op::kPlain, Op::kTransposed, rows, keys, size, dout + r0 * width, width,
             head.value + k0 * stride, stride, 0.0f, ds, keys);
        for (std::int64_t t = r0; t < r1; ++t) {
            float *p_row = p + (t - r0) * keys, *ds_row = ds + (t - r0) * keys;
            const std::int64_t first = head.start(t) - k0, last = t - k0 + 1;
            const std::size_t count = index(last - first);
            std::fill(p_row, p_row + first, 0.0f);
            std::fill(p_row + last, p_row + keys, 0.0f);
            std::fill(ds_row, ds_row + first, 0.0f);
            std::fill(ds_row + last, ds_row + keys, 0.0f);
            exp_minus(p_row + first, count, score_scale(shape), log_sums[t]);
            const float row_dot = dot(dout + t * width, out + t * width, index(size));
            softmax_backward(p_row + first, ds_row + first, count, row_dot, score_scale(shape));
        }
        gemm(Op::kPlain, Op::kPlain, rows, size, keys, ds, keys, head.key + k0 * stride, stride,
             0.0f, dquery + r0 * stride, stride);
        gemm(Op::kTransposed, Op::kPlain, keys, size, rows, ds, keys, head.query + r0 * stride,
             stride, 1.0f, dkey + k0 * stride, stride);
        gemm(Op::kTransposed, Op::kPlain, keys, size, rows, p, keys, dout + r0 * width, width, 1.0f,
             dvalue + k0 * stride, stride);
    }
}

}  // namespace

RopeTable::RopeTable(std::int64_t positions, std::int64_t head_size, double theta)
    : half(head_size / 2) {
    cosines.resize(index(positions * half));
    sines.resize(cosines.size());
    for (std::int64_t i = 0; i < half; ++i) {
        const double frequency =
            std::pow(theta, -2.0 * static_cast<double>(i) / static_cast<double>(head_size));
        for (std::int64_t t = 0; t < positions; ++t) {
            const double angle = static_cast<double>(t) * frequency;
            cosines[index(t * half + i)] = static_cast<float>(std::cos(angle));
            sines[index(t * half + i)] = static_cast<float>(std::sin(angle));
        }
    }
}

void rope_queries_and_keys(const AttentionShape& shape, const RopeTable& table, float sign,
                           float* qkv) {
    const std::int64_t rows = shape.batch_size * shape.time;
#pragma omp parallel for schedule(static)
    for (std::int64_t row = 0; row < rows; ++row) {
        const float* cosines = table.cosines_of(row % shape.time);
        const float* sines = table.sines_of(row % shape.time);
        for (std::int64_t head = 0; head < 2 * shape.heads; ++head) {
            rope(qkv + row * 3 * shape.width() + head * shape.head_size, cosines, sines,
                 index(shape.head_size), sign);
        }
    }
}

void causal_attention(const AttentionShape& shape, const float* qkv,
                      const std::int32_t* segment_start_BT, float* out, float* log_sums) {
#pragma omp parallel
    {
        std::vector<float> scratch;
#pragma omp for schedule(static)
        for (std::int64_t pair = 0; pair < shape.batch_size * shape.heads; ++pair) {
            const std::int64_t lane = pair / shape.heads, h = pair % shape.heads;
            const Head head(shape, qkv, segment_start_BT, lane, h);
            forward_head(shape, head, out + lane * shape.time * shape.width() + h * shape.head_size,
                         log_sums == nullptr ? nullptr : log_sums + pair * shape.time, scratch);
        }
    }
}

void causal_attention_backward(const AttentionShape& shape, const float* qkv,
                               const std::int32_t* segment_start_BT, const float* out,
                               const float* log_sums, const float* dout, float* dqkv) {
#pragma omp parallel
    {
        std::vector<float> scratch;
#pragma omp for schedule(static)
        for (std::int64_t pair = 0; pair < shape.batch_size * shape.heads; ++pair) {
            const std::int64_t lane = pair / shape.heads, h = pair % shape.heads;
            const Head head(shape, qkv, segment_start_BT, lane, h);
            const std::int64_t offset = lane * shape.time * shape.width() + h * shape.head_size;
            backward_head(shape, head, out + offset, log_sums + pair * shape.time, dout + offset,
                          dqkv + lane * shape.time * 3 * shape.width() + h * shape.head_size,
                          scratch);
        }
    }
}

}  // namespace symphony::nn
