// Keys and values of the tokens that one attention layer has read, head by head, so that a new
// token attends to rows that lie one after another. float32, or bfloat16 at half the memory and
// traffic.
#pragma once

#include "symphony/nn/bf16.h"

#include <cstdint>
#include <vector>

namespace symphony::nn {

class KvCache {
  public:
    // `as_bf16`: keys and values are rounded to bfloat16; queries, scores and sums stay float32.
    KvCache(std::int64_t heads, std::int64_t head_size, bool as_bf16);

    std::int64_t length() const { return length_; }  // tokens
    void clear() { length_ = 0; }                    // keeps the memory
    // One token's key and value, heads side by side: (C) each, C = heads x head_size.
    void append(const float* key_C, const float* value_C);
    // out (C): each head's query over the tokens appended, softmax(q . k / sqrt(head_size)) v; over
    // the last `window` ones only, unless that is 0. With `group` > 1 there are that many queries
    // for each head of keys and values (grouped-query attention), side by side. Does not allocate
    // once it has been that long. Precondition: length() > 0.
    void attend(const float* query, float* out, std::int64_t group = 1, std::int64_t window = 0);

  private:
    template <class Element>
    struct Rows {
        std::vector<Element> keys, values;  // (heads, capacity, head_size)
    };
    template <class Element>
    void grow(Rows<Element>& rows, std::int64_t capacity) const;
    std::size_t place(std::int64_t head, std::int64_t token) const {
        return static_cast<std::size_t>((head * capacity_ + token) * head_size_);
    }

    std::int64_t heads_, head_size_, length_ = 0, capacity_ = 0;
    bool as_bf16_;
    Rows<float> float32_;
    Rows<Bf16> bf16_;
    std::vector<float> scores_;
};

}  // namespace symphony::nn
