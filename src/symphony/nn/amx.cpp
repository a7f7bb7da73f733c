#include "symphony/nn/amx.h"

#include "symphony/nn/aligned.h"
#include "symphony/nn/amx_tiles.h"
#include "symphony/nn/cpu_limit.h"
#include "symphony/nn/elementwise.h"

#include <algorithm>
#include <cstdlib>
#ifdef _OPENMP
#include <omp.h>
#endif
#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace symphony::nn::amx {

namespace {

// So many rows of the left-hand side, and so much of K, stay in the second-level cache (256 KiB)
// while all panels pass by; a panel's part of that K (32 KiB) stays in the first.
constexpr std::int64_t kRowsAtATime = 256, kDepth = 512;
[[maybe_unused]] constexpr std::int64_t kTooSmallToShare = 1 << 20;  // multiplications

#if defined(__x86_64__) && defined(__linux__)
bool cpu_has_tiles() {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx) == 0) return false;
    constexpr unsigned kBf16Tiles = 1u << 22, kTiles = 1u << 24;
    if ((edx & kBf16Tiles) == 0 || (edx & kTiles) == 0) return false;
    if (__get_cpuid_count(7, 1, &eax, &ebx, &ecx, &edx) == 0) return false;
    constexpr unsigned kAvx512Bf16 = 1u << 5;
    return (eax & kAvx512Bf16) != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
           __builtin_cpu_supports("avx512vl") != 0;
}
// Linux gives a process the room for tiles' registers only when it asks (arch_prctl(2)).
bool kernel_allows_tiles() {
    constexpr long kRequestPermission = 0x1023, kTileData = 18;
    return ::syscall(SYS_arch_prctl, kRequestPermission, kTileData) == 0;
}
#else
bool cpu_has_tiles() { return false; }
bool kernel_allows_tiles() { return false; }
#endif

// Room for so many numbers; it only grows.
template <class T>
T* room(AlignedVector<T>& numbers, std::int64_t size) {
    if (numbers.size() < static_cast<std::size_t>(size))
        numbers.resize(static_cast<std::size_t>(size));
    return numbers.data();
}

struct Span {
    std::int64_t first, last;
};
// Part `part` of `parts` of n things, in units.
Span share(std::int64_t n, std::int64_t unit, std::int64_t part, std::int64_t parts) {
    const std::int64_t units = (n + unit - 1) / unit;
    return {std::min(n, units * part / parts * unit),
            std::min(n, units * (part + 1) / parts * unit)};
}

template <class Out>
struct Task {
    Op a_op;
    std::int64_t m, k;
    const Bf16* a;
    std::int64_t lda;
    bool add;
    Out* c;
    std::int64_t ldc;

    const Bf16* left_at(std::int64_t row, std::int64_t k0) const {
        return a_op == Op::kPlain ? a + row * lda + k0 : a + k0 * lda + row;
    }
};

// Left-hand rows as they lie, or packed: where K runs across rows, or ends within a step, or rows
// lie so far apart that they meet in one place of the cache.
template <class Out>
Left left_of(const Task<Out>& task, Span rows, std::int64_t k0, std::int64_t depth,
             AlignedVector<Bf16>& packed) {
    const std::int64_t count = rows.last - rows.first;
    constexpr std::int64_t kMeeting = 1024;
    if (task.a_op == Op::kPlain && depth % kStep == 0 && task.lda % kMeeting != 0)
        return Left::plain(task.left_at(rows.first, k0), count, task.lda);
    Bf16* out = room(packed, left_size(count, depth));
    pack_left(task.a_op, count, depth, task.left_at(rows.first, k0), task.lda, out);
    return Left::packed(out, count, depth);
}

void multiply(const Task<float>& task, const Bf16* panels, Span rows, Span columns) {
    thread_local AlignedVector<Bf16> packed;
    for (std::int64_t row = rows.first; row < rows.last; row += kRowsAtATime) {
        const Span some{row, std::min(row + kRowsAtATime, rows.last)};
        for (std::int64_t k0 = 0; k0 < task.k; k0 += kDepth) {
            const std::int64_t depth = std::min(kDepth, task.k - k0);
            const Left left = left_of(task, some, k0, depth, packed);
            for (std::int64_t at = columns.first; at < columns.last; at += kPanelColumns)
                multiply_panel(left,
                               panels + at / kPanelColumns * panel_size(task.k) + panel_size(k0),
                               steps_of(depth), std::min(kPanelColumns, columns.last - at),
                               task.add || k0 > 0, task.c + row * task.ldc + at, task.ldc);
        }
    }
}

void multiply(const Task<Bf16>& task, const Bf16* panels, Span rows, Span columns) {
    thread_local AlignedVector<Bf16> packed;
    thread_local AlignedVector<float> sums;
    const std::int64_t width = columns.last - columns.first;
    for (std::int64_t row = rows.first; row < rows.last; row += kRowsAtATime) {
        const Span some{row, std::min(row + kRowsAtATime, rows.last)};
        if (task.k > kDepth) {  // summed in float32 before it is rounded
            float* to = room(sums, kRowsAtATime * width);
            const Task<float> part{task.a_op, some.last - row, task.k, task.left_at(row, 0),
                                   task.lda,  false,           to,     width};
            multiply(part, panels + columns.first / kPanelColumns * panel_size(task.k), {0, part.m},
                     {0, width});
            for (std::int64_t i = 0; i < part.m; ++i)
                round_to_bf16(to + i * width, static_cast<std::size_t>(width),
                              task.c + (row + i) * task.ldc + columns.first);
            continue;
        }
        const Left left = left_of(task, some, 0, task.k, packed);
        for (std::int64_t at = columns.first; at < columns.last; at += kPanelColumns)
            multiply_panel(left, panels + at / kPanelColumns * panel_size(task.k), steps_of(task.k),
                           std::min(kPanelColumns, columns.last - at), task.c + row * task.ldc + at,
                           task.ldc);
    }
}

// Threads pack the right-hand side together, then each multiplies its share of the longer side.
template <class Out>
void run(const Task<Out>& task, Op b_op, std::int64_t n, const Bf16* b, std::int64_t ldb) {
    thread_local AlignedVector<Bf16> right;
    Bf16* const panels = room(right, panels_of(n) * panel_size(task.k));
    const auto work = [&](std::int64_t part, std::int64_t parts, const auto& meet) {
        const Span mine = share(panels_of(n), 1, part, parts);
        for (std::int64_t panel = mine.first; panel < mine.last; ++panel)
            pack_panel(b_op, task.k, n, b, ldb, panel, panels + panel * panel_size(task.k));
        meet();
        const bool by_rows = task.m >= n;
        multiply(task, panels, by_rows ? share(task.m, kBlockRows, part, parts) : Span{0, task.m},
                 by_rows ? Span{0, n} : share(n, kPanelColumns, part, parts));
    };
#ifdef _OPENMP
    if (omp_in_parallel() == 0 && omp_get_max_threads() > 1 &&
        task.m * n * task.k > kTooSmallToShare) {
#pragma omp parallel
        work(omp_get_thread_num(), omp_get_num_threads(), [] {
#pragma omp barrier
        });
        return;
    }
#endif
    work(0, 1, [] {});
}

}  // namespace

bool available() {
    static const bool answer = std::getenv("SYMPHONY_NO_AMX") == nullptr && !limited_to_avx2() &&
                               cpu_has_tiles() && kernel_allows_tiles();
    return answer;
}

void gemm(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
          std::int64_t lda, const Bf16* b, std::int64_t ldb, float beta, float* c,
          std::int64_t ldc) {
    run<float>({a_op, m, k, a, lda, beta != 0.0f, c, ldc}, b_op, n, b, ldb);
}

void gemm(Op a_op, Op b_op, std::int64_t m, std::int64_t n, std::int64_t k, const Bf16* a,
          std::int64_t lda, const Bf16* b, std::int64_t ldb, Bf16* c, std::int64_t ldc) {
    run<Bf16>({a_op, m, k, a, lda, false, c, ldc}, b_op, n, b, ldb);
}

struct PackedRight::Parts {
    std::int64_t k, n;
    AlignedVector<Bf16> panels;
};

PackedRight::PackedRight(Op b_op, std::int64_t k, std::int64_t n, const Bf16* b, std::int64_t ldb)
    : parts_(new Parts{k, n, {}}) {
    Bf16* const panels = room(parts_->panels, panels_of(n) * panel_size(k));
    for (std::int64_t panel = 0; panel < panels_of(n); ++panel)
        pack_panel(b_op, k, n, b, ldb, panel, panels + panel * panel_size(k));
}
PackedRight::~PackedRight() = default;
PackedRight::PackedRight(PackedRight&&) noexcept = default;
PackedRight& PackedRight::operator=(PackedRight&&) noexcept = default;

void PackedRight::multiply(const Bf16* a, std::int64_t rows, float beta, float* c) const {
    const std::int64_t k = parts_->k, n = parts_->n;
    symphony::nn::amx::multiply(Task<float>{Op::kPlain, rows, k, a, k, beta != 0.0f, c, n},
                                parts_->panels.data(), {0, rows}, {0, n});
}

}  // namespace symphony::nn::amx
