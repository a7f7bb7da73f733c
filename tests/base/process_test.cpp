#include "symphony/base/process.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace symphony::base {
namespace {

TEST(RunProcess, CapturesBothStreamsAndTheExitCode) {
    const auto result = run_process({"sh", "-c", "cat; echo bad >&2; exit 3"}, {.input = "hello"});
    EXPECT_EQ(result.output, "hello");
    EXPECT_EQ(result.errors, "bad\n");
    EXPECT_EQ(result.exit_code, 3);
}

TEST(RunProcess, KillsWhatRunsTooLong) {
    const auto result = run_process({"sleep", "30"}, {.timeout = std::chrono::seconds(1)});
    EXPECT_TRUE(result.timed_out);
    EXPECT_EQ(result.exit_code, 128 + 9);
}

TEST(RunProcess, MissingProgramIsAnError) {
    EXPECT_THROW(run_process({"symphony-no-such-program"}), Error);
}

TEST(ParallelFor, VisitsEachIndexOnceAndPassesExceptionsOn) {
    std::vector<int> visits(1000);
    parallel_for(visits.size(), 4, [&](std::size_t i) { ++visits[i]; });
    EXPECT_EQ(std::count(visits.begin(), visits.end(), 1), 1000);
    EXPECT_THROW(parallel_for(10, 4,
                              [](std::size_t i) {
                                  if (i == 7) throw Error();
                              }),
                 Error);
}

}  // namespace
}  // namespace symphony::base
