#include "symphony/training/torch/blas.h"

#include <fstream>
#include <string>

namespace symphony::training {

BlasInUse blas_in_use() {
    BlasInUse found;
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        const auto at = line.find('/');
        const bool blas = line.find("/libblas.so") != std::string::npos ||
                          line.find("/libopenblas") != std::string::npos;
        if (at == std::string::npos || !blas) continue;
        found.path = line.substr(at);
        found.openmp = found.path.find("/openblas-openmp/") != std::string::npos;
        // libblas.so may forward to another library: the one that computes is the last word.
        if (found.path.find("/libopenblas") != std::string::npos) break;
    }
    return found;
}

}  // namespace symphony::training
