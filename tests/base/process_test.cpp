#include "symphony/base/process.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/base/stop_signal.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

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

double seconds_of(const std::function<void()>& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

TEST(RunProcess, TheTimeLimitHoldsForAllThatTheChildStarted) {
    const double seconds = seconds_of([] {
        const auto result =
            run_process({"sh", "-c", "sleep 30 & sleep 30"}, {.timeout = std::chrono::seconds(1)});
        EXPECT_TRUE(result.timed_out);
        EXPECT_EQ(result.exit_code, 128 + 9);
    });
    EXPECT_LT(seconds, 8);
}

TEST(RunProcess, DoesNotWaitForWhatAFinishedChildLeftRunning) {
    const double seconds = seconds_of([] {
        const auto result = run_process({"sh", "-c", "echo done; sleep 20 & exit 3"});
        EXPECT_FALSE(result.timed_out);
        EXPECT_EQ(result.exit_code, 3);
        EXPECT_EQ(result.output, "done\n");
    });
    EXPECT_LT(seconds, 10);
}

TEST(RunProcess, KeepsNoMoreOutputThanAskedFor) {
    const auto result = run_process({"sh", "-c", "head -c 300000 /dev/zero; echo end >&2"},
                                    {.max_output_bytes = 1000});
    EXPECT_EQ(result.exit_code, 0);
    EXPECT_EQ(result.output.size(), 1000u);
    EXPECT_EQ(result.errors, "end\n");
}

TEST(RunProcess, LimitsTheChildsMemory) {
#if defined(__SANITIZE_ADDRESS__)
    GTEST_SKIP() << "AddressSanitizer reserves more";
#endif
    const std::vector<std::string> argv{"dd", "if=/dev/zero", "of=/dev/null", "bs=300M", "count=1"};
    EXPECT_EQ(run_process(argv).exit_code, 0);
    EXPECT_NE(run_process(argv, {.max_memory_bytes = std::size_t{100} << 20}).exit_code, 0);
}

// In a process of its own: a stop request is never taken back.
TEST(RunProcessDeathTest, PassesAStopRequestOnToAllThatTheChildStarted) {
    testing::FLAGS_gtest_death_test_style = "threadsafe";
    const auto stopped_child = [] {
        install_stop_handlers();
        int code = 0;
        const double seconds = seconds_of([&] {
            code = run_process({"sh", "-c", "kill -TERM $PPID; sleep 30; exit 0"}).exit_code;
        });
        std::exit(code == 128 + 15 && stop_requested() && seconds < 10 ? 0 : 1);
    };
    EXPECT_EXIT(stopped_child(), testing::ExitedWithCode(0), "");
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
