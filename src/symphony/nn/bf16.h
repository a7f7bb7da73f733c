// bfloat16: the upper half of a float32. Products of bf16 matrices summed in float32 run at twice
// float32's rate and more where the CPU has AVX512_BF16 or AMX (oneDNN picks the kernel). Measured
// in docs/performance-notes.md.
#pragma once

#include "symphony/nn/gemm.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace symphony::nn {

using Bf16 = std::uint16_t;  // bits

inline float bf16_value(Bf16 bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

// Does this CPU multiply bf16 natively? Elsewhere gemm_bf16 may be slow or missing.
bool has_native_bf16();
// Are its products of bf16 faster than those of float32? With AMX they are, and with AMD's
// AVX512_BF16; Intel's without AMX runs at two thirds of float32 (docs/performance-notes.md).
bool has_fast_bf16();

// Rounds to the nearest, ties to even; NaN stays NaN. Split among threads.
void to_bf16(const float* x, std::int64_t n, Bf16* out);

// C (M,N) float32 = op(A) (M,K) x op(B) (K,N) + beta x C, beta 0 or 1; sums in float32. Strides as
// for gemm(). On AMX tiles by our own kernels (amx.h), elsewhere by oneDNN: throws Error
// (kInternal) where that has no such kernel for this CPU.
void gemm_bf16(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
               std::int64_t lda, const Bf16* b, std::int64_t ldb, float beta, float* c,
               std::int64_t ldc);
// The same with beta 0, C rounded to bf16.
void gemm_bf16(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
               std::int64_t lda, const Bf16* b, std::int64_t ldb, Bf16* c, std::int64_t ldc);

// The first of the two, by oneDNN wherever it runs: what ours is measured against.
void onednn_gemm_bf16(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k,
                      const Bf16* a, std::int64_t lda, const Bf16* b, std::int64_t ldb, float beta,
                      float* c, std::int64_t ldc);

// A right-hand side B (K,N) kept in the order in which oneDNN multiplies few rows by it fastest,
// for products that repeat: the recurrent weights over a window.
class PackedMatrix {
  public:
    // b: op(B) is (K,N), ldb as for gemm(). At most `rows` rows are multiplied at a time. With
    // bf16, B and what it is multiplied by are rounded to bf16.
    PackedMatrix(Op b_op, std::int64_t k, std::int64_t n, const float* b, std::int64_t ldb,
                 std::int64_t rows, bool bf16);
    ~PackedMatrix();
    PackedMatrix(PackedMatrix&&) noexcept;
    PackedMatrix& operator=(PackedMatrix&&) noexcept;

    // One thread's products, with their scratch. To be made by the thread that uses it: oneDNN
    // plans for the threads it finds, which inside a parallel region is one.
    class Worker {
      public:
        Worker(const PackedMatrix& matrix, std::int64_t rows, float beta);
        ~Worker();
        Worker(Worker&&) noexcept;
        // c (rows,N), ldc = N, = a (rows,K), lda = K, x B + beta x c.
        void multiply(const float* a, float* c) const;

      private:
        struct Parts;
        std::unique_ptr<Parts> parts_;
    };

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace symphony::nn
