// The BLAS that Eigen multiplies with: OpenBLAS's OpenMP build, loaded when the first RNN computes.
#pragma once

namespace symphony::models::rnn {

// How many threads it may use, in the whole process; 0: all cores. The same number gives the same
// bits.
void set_blas_threads(int threads);

}  // namespace symphony::models::rnn
