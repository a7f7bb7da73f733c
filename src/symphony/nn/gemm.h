// Matrix products on the CPU through oneDNN, which picks its kernel for the machine at run time.
// All matrices are row-major float32.
#pragma once

#include <cstdint>

namespace symphony::nn {

enum class Op : char { kPlain = 'N', kTransposed = 'T' };

// C (M,N) = op(A) (M,K) x op(B) (K,N) + beta x C. lda, ldb, ldc: elements from one stored row to
// the next. Beta 0 ignores what C held. The same thread count gives the same bits.
void gemm(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
          std::int64_t lda, const float* b, std::int64_t ldb, float beta, float* c,
          std::int64_t ldc);

// out (N,O) = x (N,I) x weight (O,I) transposed, contiguous: a linear layer without bias.
void linear(const float* x_NI, const float* weight_OI, std::int64_t n, std::int64_t in,
            std::int64_t out, float* out_NO);

// While it lives, kernels called from this thread use at most `threads` threads (0: unchanged).
// For work that is parallel outside, and for single-stream inference, where waking a second thread
// costs more than it brings.
class ThreadLimit {
  public:
    explicit ThreadLimit(int threads);
    ~ThreadLimit();
    ThreadLimit(const ThreadLimit&) = delete;
    ThreadLimit& operator=(const ThreadLimit&) = delete;

  private:
    int before_;
};

}  // namespace symphony::nn
