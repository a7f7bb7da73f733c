#include "symphony/base/memory.h"

#include <sys/resource.h>

namespace symphony::base {

std::int64_t peak_memory_bytes() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return std::int64_t{1024} * usage.ru_maxrss;  // Linux counts in KiB
}

}  // namespace symphony::base
