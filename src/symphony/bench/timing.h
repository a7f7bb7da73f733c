// Wall-clock time of repeated work: the median, which a busy moment does not move.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

namespace symphony::bench {

// Median seconds of `runs` runs of `work`, after one that is not counted.
template <class Work>
double median_seconds(int runs, const Work& work) {
    using Clock = std::chrono::steady_clock;
    work();
    std::vector<double> seconds;
    for (int i = 0; i < runs; ++i) {
        const auto start = Clock::now();
        work();
        seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    }
    std::nth_element(seconds.begin(), seconds.begin() + runs / 2, seconds.end());
    return seconds[static_cast<std::size_t>(runs / 2)];
}

}  // namespace symphony::bench
