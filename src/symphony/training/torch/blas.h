// Which BLAS this process runs on: libtorch is ten times slower on the reference one.
#pragma once

#include <string>

namespace symphony::training {

struct BlasInUse {
    std::string path;     // of the loaded library, "" if none is
    bool openmp = false;  // OpenBLAS's OpenMP build, which shares libtorch's threads
};

// Reads the process's own list of mapped files.
BlasInUse blas_in_use();

}  // namespace symphony::training
