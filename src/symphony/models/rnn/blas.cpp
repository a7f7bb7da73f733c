#include "symphony/models/rnn/blas.h"

#include "symphony/base/parallel.h"
#include "symphony/base/shared_library.h"

namespace symphony::models::rnn {

namespace {

const base::SharedLibrary& openblas() {
    static const base::SharedLibrary library(SYMPHONY_OPENBLAS_LIBRARY, "libopenblas0-openmp");
    return library;
}

template <class Function>
Function* loaded(const char* name) {
    return reinterpret_cast<Function*>(openblas().function(name));
}

}  // namespace

void set_blas_threads(int threads) {
    static auto* const set = loaded<void(int)>("openblas_set_num_threads");
    set(threads > 0 ? threads : base::available_threads());
}

}  // namespace symphony::models::rnn

// The functions of BLAS that Eigen calls with EIGEN_USE_BLAS (its own declarations are in
// Eigen/src/misc/blas.h). Hidden, so that libtorch's calls go to the library it is linked with.
namespace {

template <class Real>
using Gemm = int(const char*, const char*, const int*, const int*, const int*, const Real*,
                 const Real*, const int*, const Real*, const int*, const Real*, Real*, const int*);
template <class Real>
using Gemv = int(const char*, const int*, const int*, const Real*, const Real*, const int*,
                 const Real*, const int*, const Real*, Real*, const int*);

}  // namespace

#define SYMPHONY_GEMM(name, Real)                                                        \
    extern "C" __attribute__((visibility("hidden"))) int name(                           \
        const char* a_op, const char* b_op, const int* m, const int* n, const int* k,    \
        const Real* alpha, const Real* a, const int* lda, const Real* b, const int* ldb, \
        const Real* beta, Real* c, const int* ldc) {                                     \
        static auto* const function = symphony::models::rnn::loaded<Gemm<Real>>(#name);  \
        return function(a_op, b_op, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);       \
    }
#define SYMPHONY_GEMV(name, Real)                                                       \
    extern "C" __attribute__((visibility("hidden"))) int name(                          \
        const char* op, const int* m, const int* n, const Real* alpha, const Real* a,   \
        const int* lda, const Real* x, const int* step_x, const Real* beta, Real* y,    \
        const int* step_y) {                                                            \
        static auto* const function = symphony::models::rnn::loaded<Gemv<Real>>(#name); \
        return function(op, m, n, alpha, a, lda, x, step_x, beta, y, step_y);           \
    }
SYMPHONY_GEMM(sgemm_, float)
SYMPHONY_GEMM(dgemm_, double)
SYMPHONY_GEMV(sgemv_, float)
SYMPHONY_GEMV(dgemv_, double)
