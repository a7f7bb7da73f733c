#include "symphony/base/parallel.h"

#include "symphony/base/stop_signal.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace symphony::base {

int available_threads() {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::max(1, CPU_COUNT(&set));
    return std::max(1u, std::thread::hardware_concurrency());
}

void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& body) {
    if (threads <= 0) threads = available_threads();
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex failure_mutex;
    const auto work = [&] {
        while (true) {
            const std::size_t i = next++;
            if (i >= count) return;
            try {
                body(i);
            } catch (...) {
                const std::lock_guard lock(failure_mutex);
                if (!failure) failure = std::current_exception();
                next = count;
            }
        }
    };
    std::vector<std::jthread> helpers;
    const std::size_t extra = std::min<std::size_t>(count, static_cast<std::size_t>(threads));
    for (std::size_t i = 1; i < extra; ++i) helpers.emplace_back(work);
    work();
    helpers.clear();
    if (failure) std::rethrow_exception(failure);
}

void parallel_stage(Progress& progress, const std::string& stage, std::size_t count, int threads,
                    const std::function<void(std::size_t)>& body) {
    progress.begin(stage, static_cast<std::int64_t>(count));
    std::atomic<std::int64_t> done{0};
    parallel_for(count, threads, [&](std::size_t i) {
        throw_if_stop_requested();
        body(i);
        progress.update(++done);
    });
    progress.end();
}

}  // namespace symphony::base
