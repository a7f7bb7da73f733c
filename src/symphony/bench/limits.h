// What this machine can do at most: matrix products through oneDNN on the shapes of a transformer's
// linear layers, and memory bandwidth. Speeds of Symphony are told as fractions of it. Own.
#pragma once

#include "symphony/base/json.h"
#include "symphony/nn/gemm.h"

#include <cstdint>
#include <string>
#include <vector>

namespace symphony::bench {

// A product (M,K) x (K,N), as gemm() takes it.
struct Product {
    std::string name;
    nn::Op a_op = nn::Op::kPlain, b_op = nn::Op::kPlain;
    std::int64_t m = 0, n = 0, k = 0;
    double flops() const { return 2.0 * static_cast<double>(m * n * k); }
};

// Forward, dX and dW of every linear layer of a transformer block and of the tied head.
std::vector<Product> transformer_products(std::int64_t rows, std::int64_t width, std::int64_t inner,
                                          std::int64_t vocabulary);

struct ProductRate {
    Product product;
    double float32 = 0;  // FLOP/s, median of several runs; the better of plain and packed operands
    double bf16 = 0;     // the better of oneDNN's and ours; 0 where the CPU has no native bf16
};

struct Limits {
    int threads = 0;
    std::vector<ProductRate> products;
    double bytes_per_second = 0;  // a[i] = b[i] + s c[i] over arrays far larger than the caches

    // The rate at which all products one after the other run: all their FLOPs by all their time.
    double float32_rate() const;
    double bf16_rate() const;  // 0 where there is none
    base::Json to_json() const;
    std::string to_text() const;
};

// Takes a few seconds. Uses `threads` threads, 0: all cores.
Limits measure_limits(std::vector<Product> products, int threads);

}  // namespace symphony::bench
