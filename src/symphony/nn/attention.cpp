#include "symphony/nn/attention.h"

#include "symphony/nn/aligned.h"
#include "symphony/nn/elementwise.h"
#include "symphony/nn/gemm.h"
#include "symphony/nn/stored_row.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <initializer_list>
#include <type_traits>

namespace symphony::nn {

namespace {

constexpr std::int64_t kBlockRows = 64;

std::size_t index(std::int64_t i) { return static_cast<std::size_t>(i); }

// One head of one lane: pointers to its first row, and how far apart rows lie.
template <class Stored>
struct Head {
    const Stored *query, *key, *value;
    std::int64_t stride;
    const std::int32_t* segment_start;  // may be null

    Head(const AttentionShape& shape, const Stored* qkv, const std::int32_t* segment_start_BT,
         std::int64_t lane, std::int64_t head)
        : query(qkv + lane * shape.time * 3 * shape.width() + head * shape.head_size),
          key(query + shape.width()),
          value(key + shape.width()),
          stride(3 * shape.width()),
          segment_start(segment_start_BT == nullptr ? nullptr
                                                    : segment_start_BT + lane * shape.time) {}
    std::int64_t start(std::int64_t t) const { return segment_start ? segment_start[t] : 0; }
};

// Rows [r0, r1) and all keys that any of them may see, from k0 on. k0 lies on a block's edge, so
// that products have few shapes wherever sequences begin: a plan is kept for each (bf16.cpp).
struct Block {
    std::int64_t r0, r1, k0;
    std::int64_t rows() const { return r1 - r0; }
    std::int64_t keys() const { return r1 - k0; }
};

template <class Stored, class Visit>
void for_each_block(const AttentionShape& shape, const Head<Stored>& head, const Visit& visit) {
    for (std::int64_t r0 = 0; r0 < shape.time; r0 += kBlockRows)
        visit(Block{r0, std::min(r0 + kBlockRows, shape.time),
                    head.start(r0) / kBlockRows * kBlockRows});
}

// A thread's room for the blocks of one head.
template <class Stored>
class Scratch {
  public:
    Scratch(const AttentionShape& shape, bool backward)
        : scores(index(kBlockRows * shape.time)),
          dscores(backward ? scores.size() : 0),
          dkey(backward ? index(shape.time * shape.head_size) : 0),
          dvalue(dkey.size()),
          row_a(backward ? index(shape.head_size) : 0),
          row_b(row_a.size()) {
        if constexpr (!std::is_same_v<Stored, float>) rounded_.resize(scores.size());
    }
    // The first n of `numbers` as a product takes them. The next call takes the room again.
    const Stored* operand(const AlignedVector<float>& numbers, std::int64_t n) {
        if constexpr (std::is_same_v<Stored, float>) {
            return numbers.data();
        } else {
            round_to_bf16(numbers.data(), index(n), rounded_.data());
            return rounded_.data();
        }
    }

    AlignedVector<float> scores;        // (block's rows, keys)
    AlignedVector<float> dscores;       // the same; of the backward pass, as all that follow
    AlignedVector<float> dkey, dvalue;  // (time, head_size)
    std::vector<float> row_a, row_b;    // (head_size)

  private:
    AlignedVector<Bf16> rounded_;
};

// Products of one operand type, called alike.
void product(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
             std::int64_t lda, const float* b, std::int64_t ldb, float beta, float* c,
             std::int64_t ldc) {
    gemm(a_op, b_op, m, n, k, a, lda, b, ldb, beta, c, ldc);
}
void product(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
             std::int64_t lda, const Bf16* b, std::int64_t ldb, float beta, float* c,
             std::int64_t ldc) {
    gemm_bf16(a_op, b_op, m, n, k, a, lda, b, ldb, beta, c, ldc);
}
void product(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
             std::int64_t lda, const Bf16* b, std::int64_t ldb, [[maybe_unused]] float beta,
             Bf16* c, std::int64_t ldc) {
    assert(beta == 0.0f);
    gemm_bf16(a_op, b_op, m, n, k, a, lda, b, ldb, c, ldc);
}

float score_scale(const AttentionShape& shape) {
    return 1.0f / std::sqrt(static_cast<float>(shape.head_size));
}

// scores (rows, keys) = queries x keys transposed.
template <class Stored>
void block_scores(const AttentionShape& shape, const Head<Stored>& head, const Block& block,
                  float* scores) {
    product(Op::kPlain, Op::kTransposed, block.rows(), block.keys(), shape.head_size,
            head.query + block.r0 * head.stride, head.stride, head.key + block.k0 * head.stride,
            head.stride, 0.0f, scores, block.keys());
}

// Calls visit(t, first, count) for each row: the keys that row t sees, counted from k0. What lies
// beside them in `rows` (rows, keys) becomes zero.
template <class Stored, class Visit>
void for_each_row(const Head<Stored>& head, const Block& block, std::initializer_list<float*> rows,
                  const Visit& visit) {
    const std::int64_t keys = block.keys();
    for (std::int64_t t = block.r0; t < block.r1; ++t) {
        const std::int64_t first = head.start(t) - block.k0, last = t - block.k0 + 1;
        for (float* matrix : rows) {
            float* row = matrix + (t - block.r0) * keys;
            std::fill(row, row + first, 0.0f);
            std::fill(row + last, row + keys, 0.0f);
        }
        visit(t, (t - block.r0) * keys + first, index(last - first));
    }
}

template <class Stored>
void forward_head(const AttentionShape& shape, const Head<Stored>& head, Stored* out,
                  float* log_sums, Scratch<Stored>& scratch) {
    for_each_block(shape, head, [&](const Block& block) {
        float* scores = scratch.scores.data();
        block_scores(shape, head, block, scores);
        for_each_row(head, block, {scores},
                     [&](std::int64_t t, std::int64_t at, std::size_t count) {
                         const float log_sum = softmax(scores + at, count, score_scale(shape));
                         if (log_sums != nullptr) log_sums[t] = log_sum;
                     });
        const std::int64_t keys = block.keys();
        product(Op::kPlain, Op::kPlain, block.rows(), shape.head_size, keys,
                scratch.operand(scratch.scores, block.rows() * keys), keys,
                head.value + block.k0 * head.stride, head.stride, 0.0f,
                out + block.r0 * shape.width(), shape.width());
    });
}

template <class Stored>
void backward_head(const AttentionShape& shape, const Head<Stored>& head, const Stored* out,
                   const float* log_sums, const Stored* dout, Stored* dquery,
                   Scratch<Stored>& scratch) {
    const std::int64_t size = shape.head_size, stride = head.stride, width = shape.width();
    std::fill(scratch.dkey.begin(), scratch.dkey.end(), 0.0f);
    std::fill(scratch.dvalue.begin(), scratch.dvalue.end(), 0.0f);
    for_each_block(shape, head, [&](const Block& block) {
        const std::int64_t rows = block.rows(), keys = block.keys();
        float *p = scratch.scores.data(), *ds = scratch.dscores.data();
        const Stored *dout_rows = dout + block.r0 * width,
                     *queries = head.query + block.r0 * stride;
        block_scores(shape, head, block, p);
        // ds = dout x value transposed, d loss / d probabilities for now
        product(Op::kPlain, Op::kTransposed, rows, keys, size, dout_rows, width,
                head.value + block.k0 * stride, stride, 0.0f, ds, keys);
        for_each_row(head, block, {p, ds}, [&](std::int64_t t, std::int64_t at, std::size_t count) {
            exp_minus(p + at, count, score_scale(shape), log_sums[t]);
            const float row_dot =
                dot(read_row(dout + t * width, index(size), scratch.row_a.data()),
                    read_row(out + t * width, index(size), scratch.row_b.data()), index(size));
            softmax_backward(p + at, ds + at, count, row_dot, score_scale(shape));
        });
        product(Op::kTransposed, Op::kPlain, keys, size, rows,
                scratch.operand(scratch.scores, rows * keys), keys, dout_rows, width, 1.0f,
                scratch.dvalue.data() + block.k0 * size, size);
        const Stored* ds_operand = scratch.operand(scratch.dscores, rows * keys);
        product(Op::kPlain, Op::kPlain, rows, size, keys, ds_operand, keys,
                head.key + block.k0 * stride, stride, 0.0f, dquery + block.r0 * stride, stride);
        product(Op::kTransposed, Op::kPlain, keys, size, rows, ds_operand, keys, queries, stride,
                1.0f, scratch.dkey.data() + block.k0 * size, size);
    });
    Stored *dkey = dquery + width, *dvalue = dkey + width;
    for (std::int64_t t = 0; t < shape.time; ++t) {
        store_row(scratch.dkey.data() + t * size, index(size), dkey + t * stride);
        store_row(scratch.dvalue.data() + t * size, index(size), dvalue + t * stride);
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

template <class Stored>
void rope_queries_and_keys(const AttentionShape& shape, const RopeTable& table, float sign,
                           Stored* qkv) {
    const std::int64_t rows = shape.batch_size * shape.time;
    const std::size_t size = index(shape.head_size);
#pragma omp parallel
    {
        std::vector<float> scratch(size);
#pragma omp for schedule(static)
        for (std::int64_t row = 0; row < rows; ++row) {
            const float* cosines = table.cosines_of(row % shape.time);
            const float* sines = table.sines_of(row % shape.time);
            for (std::int64_t head = 0; head < 2 * shape.heads; ++head) {
                Stored* at = qkv + row * 3 * shape.width() + head * shape.head_size;
                read_row(at, size, scratch.data());
                float* turned = row_room(at, scratch.data());
                rope(turned, cosines, sines, size, sign);
                keep_row(turned, size, at);
            }
        }
    }
}

template <class Stored>
void causal_attention(const AttentionShape& shape, const Stored* qkv,
                      const std::int32_t* segment_start_BT, Stored* out, float* log_sums) {
#pragma omp parallel
    {
        Scratch<Stored> scratch(shape, /*backward=*/false);
#pragma omp for schedule(static)
        for (std::int64_t pair = 0; pair < shape.batch_size * shape.heads; ++pair) {
            const std::int64_t lane = pair / shape.heads, h = pair % shape.heads;
            const Head<Stored> head(shape, qkv, segment_start_BT, lane, h);
            forward_head(shape, head, out + lane * shape.time * shape.width() + h * shape.head_size,
                         log_sums == nullptr ? nullptr : log_sums + pair * shape.time, scratch);
        }
    }
}

template <class Stored>
void causal_attention_backward(const AttentionShape& shape, const Stored* qkv,
                               const std::int32_t* segment_start_BT, const Stored* out,
                               const float* log_sums, const Stored* dout, Stored* dqkv) {
#pragma omp parallel
    {
        Scratch<Stored> scratch(shape, /*backward=*/true);
#pragma omp for schedule(static)
        for (std::int64_t pair = 0; pair < shape.batch_size * shape.heads; ++pair) {
            const std::int64_t lane = pair / shape.heads, h = pair % shape.heads;
            const Head<Stored> head(shape, qkv, segment_start_BT, lane, h);
            const std::int64_t offset = lane * shape.time * shape.width() + h * shape.head_size;
            backward_head(shape, head, out + offset, log_sums + pair * shape.time, dout + offset,
                          dqkv + lane * shape.time * 3 * shape.width() + h * shape.head_size,
                          scratch);
        }
    }
}

template void rope_queries_and_keys(const AttentionShape&, const RopeTable&, float, float*);
template void rope_queries_and_keys(const AttentionShape&, const RopeTable&, float, Bf16*);
template void causal_attention(const AttentionShape&, const float*, const std::int32_t*, float*,
                               float*);
template void causal_attention(const AttentionShape&, const Bf16*, const std::int32_t*, Bf16*,
                               float*);
template void causal_attention_backward(const AttentionShape&, const float*, const std::int32_t*,
                                        const float*, const float*, const float*, float*);
template void causal_attention_backward(const AttentionShape&, const Bf16*, const std::int32_t*,
                                        const Bf16*, const float*, const Bf16*, Bf16*);

}  // namespace symphony::nn
