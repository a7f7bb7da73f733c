// Matrix products of bf16 on AMX tiles, where the CPU has them: for whole training steps faster
// than oneDNN 2.6's (docs/performance-notes.md), and a row's result has the same bits in any
// company and at any number of threads. What tiles are: amx_tiles.h. Own.
#pragma once

#include "symphony/nn/bf16.h"

#include <cstdint>
#include <memory>

namespace symphony::nn::amx {

// Has the CPU tiles of bf16, and does the system let this process use them? Asked once.
// SYMPHONY_NO_AMX in the environment says no, for comparisons.
bool available();

// As gemm_bf16(). Threads share it unless the caller's do already.
void gemm(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
          std::int64_t lda, const Bf16* b, std::int64_t ldb, float beta, float* c,
          std::int64_t ldc);
void gemm(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
          std::int64_t lda, const Bf16* b, std::int64_t ldb, Bf16* c, std::int64_t ldc);

// A right-hand side B (K,N) for products that repeat, packed once. May be used by several threads.
class PackedRight {
  public:
    // op(B) is (K,N), ldb as for gemm().
    PackedRight(Op b_op, std::int64_t k, std::int64_t n, const Bf16* b, std::int64_t ldb);
    ~PackedRight();
    PackedRight(PackedRight&&) noexcept;
    PackedRight& operator=(PackedRight&&) noexcept;
    // c (rows,N), ldc = N, = a (rows,K), lda = K, x B + beta x c, beta 0 or 1. One thread.
    void multiply(const Bf16* a, std::int64_t rows, float beta, float* c) const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace symphony::nn::amx
