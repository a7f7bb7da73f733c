// What this process takes of the machine's memory. Own.
#pragma once

#include <cstdint>

namespace symphony::base {

// The most that it has held so far, in bytes.
std::int64_t peak_memory_bytes();

}  // namespace symphony::base
