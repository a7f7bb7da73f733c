// A parallel loop over independent items; results must not depend on the order in which items run.
#pragma once

#include "symphony/base/progress.h"

#include <cstddef>
#include <functional>
#include <string>

namespace symphony::base {

// Calls body(i) for every i in [0, count) on `threads` threads (0: as many as the machine has). The
// first exception stops the loop and is thrown again here.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& body);

// The same as a stage of progress that counts what is done and ends at a stop request (Error of
// kInterrupted).
void parallel_stage(Progress& progress, const std::string& stage, std::size_t count, int threads,
                    const std::function<void(std::size_t)>& body);

// What 0 means: the cores this process may use.
int available_threads();

}  // namespace symphony::base
