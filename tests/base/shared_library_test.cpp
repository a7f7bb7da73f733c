#include "symphony/base/shared_library.h"

#include "symphony/base/error.h"

#include <gtest/gtest.h>

namespace symphony::base {
namespace {

TEST(SharedLibrary, CallsAFunctionOfALibraryThatIsNotLinked) {
    const SharedLibrary libm("libm.so.6", "libc6");
    const auto cosine = reinterpret_cast<double (*)(double)>(libm.function("cos"));
    EXPECT_EQ(cosine(0.0), 1.0);
    EXPECT_EQ(libm.function_if_any("no_such_function"), nullptr);
}

TEST(SharedLibrary, SaysWhatIsMissingAndWhatBringsIt) {
    try {
        const SharedLibrary none("libnone.so.9", "libnone9");
        FAIL();
    } catch (const Error& error) {
        EXPECT_EQ(error.kind, ErrorKind::kInput);
        EXPECT_EQ(error.path, "libnone.so.9");
        EXPECT_EQ(error.hint, "apt install libnone9");
    }
    const SharedLibrary libm("libm.so.6", "libc6");
    EXPECT_THROW(libm.function("no_such_function"), Error);
}

}  // namespace
}  // namespace symphony::base
