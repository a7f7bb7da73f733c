// Runs an external program by argument list (never a shell), with a time limit, a memory limit and
// captured output.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace symphony::base {

struct ProcessOptions {
    std::chrono::seconds timeout{60};
    std::size_t max_memory_bytes = 0;  // address-space limit, 0: none
    std::size_t max_output_bytes =
        1 << 20;                  // of standard output and of standard error; the rest is dropped
    std::string input;            // given on standard input
    bool inherit_output = false;  // let the child write to our own standard output,
    bool inherit_errors = false;  // and to our own standard error
    std::filesystem::path working_folder;  // empty: ours
};

struct ProcessResult {
    int exit_code = 0;  // 128 + signal when killed
    bool timed_out = false;
    std::string output;
    std::string errors;
};

// The program's full path, searched on PATH; empty if it is not installed.
std::filesystem::path find_program(const std::string& name);

// Runs argv[0] with its arguments and waits for it, not for what it left running in the background.
// The time limit and a stop request reach all that it started (its process group). Throws Error
// (kInput) if it cannot be started; a non-zero exit is the caller's to judge.
ProcessResult run_process(const std::vector<std::string>& argv, const ProcessOptions& options = {});

}  // namespace symphony::base
