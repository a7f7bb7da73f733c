#include "symphony/nn/kv_cache.h"

#include "symphony/nn/cached_attention.h"
#include "symphony/nn/elementwise.h"

#include <algorithm>

namespace symphony::nn {

namespace {

constexpr std::int64_t kFirstCapacity = 64;  // tokens; doubled whenever it is full

}  // namespace

KvCache::KvCache(std::int64_t heads, std::int64_t head_size, bool as_bf16)
    : heads_(heads), head_size_(head_size), as_bf16_(as_bf16) {}

template <class Element>
void KvCache::grow(Rows<Element>& rows, std::int64_t capacity) const {
    const auto head_elements = static_cast<std::size_t>(capacity * head_size_);
    for (std::vector<Element>* kept : {&rows.keys, &rows.values}) {
        std::vector<Element> larger(static_cast<std::size_t>(heads_) * head_elements);
        for (std::int64_t head = 0; head < heads_; ++head)
            std::copy_n(
                kept->begin() + static_cast<std::ptrdiff_t>(place(head, 0)), length_ * head_size_,
                larger.begin() +
                    static_cast<std::ptrdiff_t>(static_cast<std::size_t>(head) * head_elements));
        *kept = std::move(larger);
    }
}

void KvCache::append(const float* key_C, const float* value_C) {
    if (length_ == capacity_) {
        const std::int64_t capacity = std::max(kFirstCapacity, 2 * capacity_);
        if (as_bf16_)
            grow(bf16_, capacity);
        else
            grow(float32_, capacity);
        capacity_ = capacity;
        scores_.resize(static_cast<std::size_t>(capacity));
    }
    for (std::int64_t head = 0; head < heads_; ++head) {
        const float *key = key_C + head * head_size_, *value = value_C + head * head_size_;
        const std::size_t at = place(head, length_);
        if (as_bf16_) {
            round_to_bf16(key, static_cast<std::size_t>(head_size_), &bf16_.keys[at]);
            round_to_bf16(value, static_cast<std::size_t>(head_size_), &bf16_.values[at]);
        } else {
            std::copy_n(key, head_size_, &float32_.keys[at]);
            std::copy_n(value, head_size_, &float32_.values[at]);
        }
    }
    ++length_;
}

void KvCache::attend(const float* query, float* out, std::int64_t group, std::int64_t window) {
    const std::int64_t count = window > 0 ? std::min(window, length_) : length_;
    for (std::int64_t head = 0; head < group * heads_; ++head) {
        const float* own_query = query + head * head_size_;
        float* own_out = out + head * head_size_;
        const std::size_t at = place(head / group, length_ - count);
        if (as_bf16_)
            attend_cached(own_query, &bf16_.keys[at], &bf16_.values[at], count, head_size_,
                          scores_.data(), own_out);
        else
            attend_cached(own_query, &float32_.keys[at], &float32_.values[at], count, head_size_,
                          scores_.data(), own_out);
    }
}

}  // namespace symphony::nn
