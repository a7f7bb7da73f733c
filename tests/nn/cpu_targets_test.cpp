// Our answer to what this CPU has, against that of Highway's own library.
#include "symphony/base/shared_library.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace hwy {
std::int64_t SupportedTargets();
}

namespace symphony::nn {
namespace {

TEST(CpuTargets, AreThoseThatHighwaysLibraryFinds) {
    const base::SharedLibrary library("libhwy.so.1", "libhwy1");
    const auto theirs =
        reinterpret_cast<std::int64_t (*)()>(library.function("_ZN3hwy16SupportedTargetsEv"));
#if defined(__x86_64__)
    EXPECT_EQ(hwy::SupportedTargets(), theirs());
#else  // ours are what the compiler may use
    EXPECT_EQ(hwy::SupportedTargets() & ~theirs(), 0);
#endif
}

}  // namespace
}  // namespace symphony::nn
