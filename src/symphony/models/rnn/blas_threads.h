// How many threads the linear algebra library may use.
#pragma once

namespace symphony::models::rnn {

// Of the whole process; 0: all cores. The same number gives the same bits.
void set_blas_threads(int threads);

}  // namespace symphony::models::rnn
