// Vectors that begin on a line of the cache. AMX loads tiles by rows of a whole line: where every
// row lies in two lines, at 40 % of the speed (docs/performance-notes.md).
#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace symphony::nn {

template <class T>
struct CacheLineAllocator {
    using value_type = T;
    static constexpr std::align_val_t kLine{64};

    CacheLineAllocator() = default;
    template <class Other>
    CacheLineAllocator(const CacheLineAllocator<Other>&) {}

    T* allocate(std::size_t n) { return static_cast<T*>(::operator new(n * sizeof(T), kLine)); }
    void deallocate(T* at, std::size_t) { ::operator delete(at, kLine); }
    template <class Other>
    bool operator==(const CacheLineAllocator<Other>&) const {
        return true;
    }
};

template <class T>
using AlignedVector = std::vector<T, CacheLineAllocator<T>>;

}  // namespace symphony::nn
