// Which of the instruction sets that Highway compiled our kernels for this CPU has: the two
// functions of Highway's own library (hwy/targets.h) that its dispatch calls. The library itself is
// not linked: when it is loaded it measures its benchmark timer, which takes longer than all else
// that `symphony --help` does.
#include "symphony/nn/cpu_limit.h"

#include <hwy/highway.h>

namespace hwy {

#if HWY_ARCH_X86

// The compiler's check asks the operating system, too, whether it keeps the wide registers. Groups
// stand for what came in the same CPUs: there is none with AVX2 and FMA but without F16C.
int64_t SupportedTargets() {
    const bool sse4 = __builtin_cpu_supports("ssse3") && __builtin_cpu_supports("sse4.2") &&
                      __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("aes");
    const bool avx2 = sse4 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                      __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma");
    const bool avx3 = avx2 && __builtin_cpu_supports("avx512f") &&
                      __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") &&
                      __builtin_cpu_supports("avx512bw");
    const bool avx3_dl =
        avx3 && __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vbmi") &&
        __builtin_cpu_supports("avx512vbmi2") && __builtin_cpu_supports("avx512bitalg") &&
        __builtin_cpu_supports("avx512vpopcntdq") && __builtin_cpu_supports("vpclmulqdq") &&
        __builtin_cpu_supports("gfni");
    int64_t targets = HWY_EMU128 | HWY_SCALAR;  // what needs nothing
    if (__builtin_cpu_supports("ssse3")) targets |= HWY_SSSE3;
    if (sse4) targets |= HWY_SSE4;
    if (avx2) targets |= HWY_AVX2;
    if (symphony::nn::limited_to_avx2()) return targets;
    if (avx3) targets |= HWY_AVX3;
    if (avx3_dl) targets |= HWY_AVX3_DL;
    return targets;
}

#else

// Elsewhere what the compiler itself may use, such as NEON on aarch64: the program needs it anyway.
int64_t SupportedTargets() { return HWY_STATIC_TARGET | HWY_EMU128 | HWY_SCALAR; }

#endif

ChosenTarget& GetChosenTarget() {
    static ChosenTarget chosen;
    return chosen;
}

}  // namespace hwy
