// Causal multi-head attention over whole windows, forward and backward, in blocks of rows so that
// no T x T matrix is kept and nothing above the diagonal is computed. The probabilities are
// computed again in the backward pass from the saved log-sums (as in FlashAttention, Dao et al.,
// arXiv:2205.14135). Threads share (lane, head) pairs. `Stored` is float or Bf16: what queries,
// keys, values and results are kept and multiplied in; scores, sums and exponentials are float32.
#pragma once

#include "symphony/nn/bf16.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace symphony::nn {

// qkv rows hold query, key and value of width C = heads x head_size each: (B, T, 3C).
struct AttentionShape {
    std::int64_t batch_size, time, heads, head_size;
    std::int64_t width() const { return heads * head_size; }
};

// cos and sin of position x theta^(-2i / head_size), i < head_size / 2: (positions, head_size / 2).
struct RopeTable {
    RopeTable(std::int64_t positions, std::int64_t head_size, double theta);
    const float* cosines_of(std::int64_t position) const { return &cosines[offset(position)]; }
    const float* sines_of(std::int64_t position) const { return &sines[offset(position)]; }

    std::int64_t half;
    std::vector<float> cosines, sines;

  private:
    std::size_t offset(std::int64_t position) const {
        return static_cast<std::size_t>(position * half);
    }
};

// Turns queries and keys of every row, in place; row t has position t. sign -1 turns gradients
// back. Precondition: the table has at least `time` positions.
template <class Stored>
void rope_queries_and_keys(const AttentionShape& shape, const RopeTable& table, float sign,
                           Stored* qkv);

// out (B,T,C): row t attends to rows segment_start_BT[b,t] .. t of its lane (0 .. t if null).
// log_sums (B, heads, T), for the backward pass, may be null. Precondition: segment starts do not
// fall along a lane and lie in [0, t].
template <class Stored>
void causal_attention(const AttentionShape& shape, const Stored* qkv,
                      const std::int32_t* segment_start_BT, Stored* out, float* log_sums);

// dqkv (B,T,3C): d loss / d qkv, overwritten.
template <class Stored>
void causal_attention_backward(const AttentionShape& shape, const Stored* qkv,
                               const std::int32_t* segment_start_BT, const Stored* out,
                               const float* log_sums, const Stored* dout, Stored* dqkv);

}  // namespace symphony::nn
