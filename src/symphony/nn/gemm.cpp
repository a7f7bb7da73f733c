#include "symphony/nn/gemm.h"

#include "symphony/nn/onednn.h"

#include <algorithm>
#include <cassert>
#ifdef _OPENMP
#include <omp.h>
#endif

namespace symphony::nn {

void gemm(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const float* a,
          std::int64_t lda, const float* b, std::int64_t ldb, float beta, float* c,
          std::int64_t ldc) {
    if (m == 0 || n == 0) return;
    [[maybe_unused]] const dnnl_status_t status =
        dnnl_sgemm(static_cast<char>(a_op), static_cast<char>(b_op), m, n, k, 1.0f, a, lda, b, ldb,
                   beta, c, ldc);
    assert(status == dnnl_success);
}

void linear(const float* x_NI, const float* weight_OI, std::int64_t n, std::int64_t in,
            std::int64_t out, float* out_NO) {
    gemm(Op::kPlain, Op::kTransposed, n, out, in, x_NI, in, weight_OI, in, 0.0f, out_NO, out);
}

#ifdef _OPENMP
ThreadLimit::ThreadLimit(int threads) : before_(omp_get_max_threads()) {
    if (threads > 0) omp_set_num_threads(std::min(threads, before_));
}
ThreadLimit::~ThreadLimit() { omp_set_num_threads(before_); }
#else
ThreadLimit::ThreadLimit(int threads) : before_(threads) {}
ThreadLimit::~ThreadLimit() = default;
#endif

}  // namespace symphony::nn
