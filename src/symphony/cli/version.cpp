#include "symphony/cli/version.h"

#include <fmt/format.h>

namespace symphony::cli {

std::string version() { return SYMPHONY_VERSION; }

std::string version_text() {
    std::string features;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) features += " avx2";
    if (__builtin_cpu_supports("avx512f")) features += " avx512f";
    if (__builtin_cpu_supports("avx512vnni")) features += " avx512vnni";
#endif
    return fmt::format("symphony {}\ncompiler g++ {}\ncpu{}", version(), __VERSION__,
                       features.empty() ? " baseline" : features);
}

}  // namespace symphony::cli
