// Counts calls of operator new, for tests of what must not allocate. Replaces the global operators:
// include it in one source file of a test program of its own.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>

namespace symphony::test_support {

inline std::atomic<std::size_t> allocations{0};

inline void* counted(void* memory) {
    if (!memory) throw std::bad_alloc();
    ++allocations;
    return memory;
}

}  // namespace symphony::test_support

void* operator new(std::size_t size) { return symphony::test_support::counted(std::malloc(size)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
    const auto a = static_cast<std::size_t>(alignment);
    return symphony::test_support::counted(std::aligned_alloc(a, (size + a - 1) / a * a));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
