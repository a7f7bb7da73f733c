// SYMPHONY_CPU=avx2 in the environment: kernels and oneDNN keep to what CPUs without AVX-512 and
// AMX have, to test and to measure what such a machine does.
#pragma once

#include <cstdlib>
#include <string_view>

namespace symphony::nn {

inline bool limited_to_avx2() {
    const char* limit = std::getenv("SYMPHONY_CPU");
    return limit != nullptr && std::string_view(limit) == "avx2";
}

}  // namespace symphony::nn
