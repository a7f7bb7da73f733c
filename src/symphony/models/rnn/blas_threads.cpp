#include "symphony/models/rnn/blas_threads.h"

#include "symphony/base/parallel.h"

#include <dlfcn.h>

namespace symphony::models::rnn {

void set_blas_threads(int threads) {
    // OpenBLAS's own call, not part of the BLAS interface that we link: looked up where present.
    using SetThreads = void (*)(int);
    const auto set = reinterpret_cast<SetThreads>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"));
    if (set) set(threads > 0 ? threads : base::available_threads());
}

}  // namespace symphony::models::rnn
