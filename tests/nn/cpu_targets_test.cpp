// Our answer to what this CPU has, against that of Highway's own library.
#include "symphony/base/shared_library.h"
#include "symphony/nn/bf16.h"
#include "symphony/nn/cpu_limit.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace hwy {
std::int64_t SupportedTargets();
}

namespace symphony::nn {
namespace {

TEST(CpuTargets, AreThoseThatHighwaysLibraryFinds) {
    if (limited_to_avx2()) GTEST_SKIP() << "told to do without some";
    const base::SharedLibrary library("libhwy.so.1", "libhwy1");
    const auto theirs =
        reinterpret_cast<std::int64_t (*)()>(library.function("_ZN3hwy16SupportedTargetsEv"));
#if defined(__x86_64__)
    EXPECT_EQ(hwy::SupportedTargets(), theirs());
#else  // ours are what the compiler may use
    EXPECT_EQ(hwy::SupportedTargets() & ~theirs(), 0);
#endif
}

TEST(CpuTargets, AreFewerWhereAskedFor) {
    if (!limited_to_avx2()) GTEST_SKIP() << "nn_test_avx2 runs this with SYMPHONY_CPU=avx2";
    // HWY_AVX3_DL and HWY_AVX3 in hwy/detect_targets.h.
    EXPECT_EQ(hwy::SupportedTargets() & (1 << 7 | 1 << 8), 0);
    EXPECT_FALSE(has_native_bf16()) << "oneDNN must know, too";
}

}  // namespace
}  // namespace symphony::nn
