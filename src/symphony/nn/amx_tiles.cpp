// Compiled with -mamx-bf16 and AVX-512 (CMakeLists.txt): no inline function of the standard library
// may be used here, the linker might give it to everyone.
#include "symphony/nn/amx_tiles.h"

#include <immintrin.h>

namespace symphony::nn::amx {

namespace {

constexpr int kTileRows = 16, kRowBytes = 64;

// What each tile register holds: 0 to 3 sums (two by two), 4 and 5 of the left-hand side, 6 and 7
// of the right-hand side. The layout is the instruction LDTILECFG's.
struct alignas(64) TileConfig {
    std::uint8_t palette = 1, start_row = 0, reserved[14] = {};
    std::uint16_t row_bytes[16] = {};
    std::uint8_t rows[16] = {};
};

// For blocks of up to kBlockRows rows.
void configure(std::int64_t rows) {
    const auto upper = static_cast<std::uint8_t>(rows < kTileRows ? rows : kTileRows);
    const auto lower = static_cast<std::uint8_t>(rows - upper > 0 ? rows - upper : 1);
    TileConfig config;
    const std::uint8_t of_tile[8] = {upper, upper, lower,     lower,
                                     upper, lower, kTileRows, kTileRows};
    for (int t = 0; t < 8; ++t) {
        config.rows[t] = of_tile[t];
        config.row_bytes[t] = kRowBytes;
    }
    // GCC 12's _tile_loadconfig tells the compiler of the first eight bytes only.
    __asm__ volatile("ldtilecfg %0" ::"m"(config));
}

// The sums of one block, which may be one tile high, in a place of their own or in C.
template <bool kTwoHigh>
void multiply_block(const Left& a, std::int64_t block, const Bf16* panel, std::int64_t steps,
                    bool add, float* c, std::int64_t ldc) {
    const auto c_row = static_cast<long>(ldc * 4);
    float* below = c + kTileRows * ldc;
    if (add) {
        _tile_loadd(0, c, c_row);
        _tile_loadd(1, c + 16, c_row);
        if constexpr (kTwoHigh) {
            _tile_loadd(2, below, c_row);
            _tile_loadd(3, below + 16, c_row);
        }
    } else {
        _tile_zero(0);
        _tile_zero(1);
        if constexpr (kTwoHigh) {
            _tile_zero(2);
            _tile_zero(3);
        }
    }
    const Bf16* left = a.data + block * a.block;
    const auto a_row = static_cast<long>(a.row * 2);
    for (std::int64_t step = 0; step < steps; ++step) {
        _tile_loadd(6, panel, kRowBytes);
        _tile_loadd(4, left, a_row);
        _tile_loadd(7, panel + kTileElements, kRowBytes);
        _tile_dpbf16ps(0, 4, 6);
        if constexpr (kTwoHigh) _tile_loadd(5, left + a.tile, a_row);
        _tile_dpbf16ps(1, 4, 7);
        if constexpr (kTwoHigh) {
            _tile_dpbf16ps(2, 5, 6);
            _tile_dpbf16ps(3, 5, 7);
        }
        left += a.step;
        panel += 2 * kTileElements;
    }
    _tile_stored(0, c, c_row);
    _tile_stored(1, c + 16, c_row);
    if constexpr (kTwoHigh) {
        _tile_stored(2, below, c_row);
        _tile_stored(3, below + 16, c_row);
    }
}

// Where a block's sums go, and whether they are added to what is there.
struct Place {
    float* sums;
    std::int64_t ld;
    bool add;
};

// All blocks of A with one panel: place_of(row) for the block that begins there, done(row, rows)
// after it.
template <class PlaceOf, class Done>
void multiply_blocks(const Left& a, const Bf16* panel, std::int64_t steps, const PlaceOf& place_of,
                     const Done& done) {
    std::int64_t configured = 0;
    for (std::int64_t block = 0; block * kBlockRows < a.rows; ++block) {
        const std::int64_t row = block * kBlockRows;
        const std::int64_t rows = a.rows - row < kBlockRows ? a.rows - row : kBlockRows;
        if (rows != configured) configure(configured = rows);
        const Place to = place_of(row);
        if (rows > kTileRows)
            multiply_block<true>(a, block, panel, steps, to.add, to.sums, to.ld);
        else
            multiply_block<false>(a, block, panel, steps, to.add, to.sums, to.ld);
        done(row, rows);
    }
    _tile_release();
}

// The same with sums in a place of their own: take(row, columns 0 to 15, 16 to 31) for each row.
template <class Take>
void for_each_row(const Left& a, const Bf16* panel, std::int64_t steps, const Take& take) {
    alignas(64) float sums[kBlockRows * kPanelColumns];
    multiply_blocks(
        a, panel, steps,
        [&](std::int64_t) {
            return Place{sums, kPanelColumns, false};
        },
        [&](std::int64_t row, std::int64_t rows) {
            for (std::int64_t i = 0; i < rows; ++i)
                take(row + i, _mm512_load_ps(sums + i * kPanelColumns),
                     _mm512_load_ps(sums + i * kPanelColumns + 16));
        });
}

// The first n (0 to 32) elements of 16 bits.
__mmask32 first(std::int64_t n) {
    return n >= 32 ? ~__mmask32{0} : static_cast<__mmask32>((std::uint32_t{1} << n) - 1);
}

// Rows of 16 numbers of 32 bits, turned over their diagonal.
void transpose(__m512i (&r)[16]) {
    __m512i t[16];
    for (int i = 0; i < 16; i += 2) {
        t[i] = _mm512_unpacklo_epi32(r[i], r[i + 1]);
        t[i + 1] = _mm512_unpackhi_epi32(r[i], r[i + 1]);
    }
    for (int i = 0; i < 16; i += 4) {
        r[i] = _mm512_unpacklo_epi64(t[i], t[i + 2]);
        r[i + 1] = _mm512_unpackhi_epi64(t[i], t[i + 2]);
        r[i + 2] = _mm512_unpacklo_epi64(t[i + 1], t[i + 3]);
        r[i + 3] = _mm512_unpackhi_epi64(t[i + 1], t[i + 3]);
    }
    for (int i = 0; i < 4; ++i) {
        t[i] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0x88);
        t[i + 4] = _mm512_shuffle_i32x4(r[i], r[i + 4], 0xdd);
        t[i + 8] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0x88);
        t[i + 12] = _mm512_shuffle_i32x4(r[i + 8], r[i + 12], 0xdd);
    }
    for (int i = 0; i < 4; ++i) {
        r[i] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0x88);
        r[i + 4] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0x88);
        r[i + 8] = _mm512_shuffle_i32x4(t[i], t[i + 8], 0xdd);
        r[i + 12] = _mm512_shuffle_i32x4(t[i + 4], t[i + 12], 0xdd);
    }
}

// 16 rows of pairs along K, from rows that lie along K. out: a tile.
void pack_tile_along(const Bf16* from, std::int64_t ld, std::int64_t rows, std::int64_t k,
                     Bf16* out) {
    __m512i r[16];
    for (int i = 0; i < 16; ++i)
        r[i] =
            i < rows ? _mm512_maskz_loadu_epi16(first(k), from + i * ld) : _mm512_setzero_si512();
    transpose(r);
    for (int i = 0; i < 16; ++i) _mm512_storeu_si512(out + i * kStep, r[i]);
}

// Two rows of up to 32 elements, each pair of the same column together: columns 0 to 15, 16 to 31.
struct Interleaved {
    __m512i left, right;
};
Interleaved interleave(const Bf16* from, std::int64_t ld, std::int64_t rows, __mmask32 columns) {
    alignas(64) static constexpr std::uint16_t kLeft[32] = {
        0, 32, 1, 33, 2,  34, 3,  35, 4,  36, 5,  37, 6,  38, 7,  39,
        8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47};
    alignas(64) static constexpr std::uint16_t kRight[32] = {
        16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55,
        24, 56, 25, 57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63};
    const __m512i zero = _mm512_setzero_si512();
    const __m512i a = rows > 0 ? _mm512_maskz_loadu_epi16(columns, from) : zero;
    const __m512i b = rows > 1 ? _mm512_maskz_loadu_epi16(columns, from + ld) : zero;
    return {_mm512_permutex2var_epi16(a, _mm512_load_si512(kLeft), b),
            _mm512_permutex2var_epi16(a, _mm512_load_si512(kRight), b)};
}

}  // namespace

void pack_panel(Op b_op, std::int64_t k, std::int64_t n, const Bf16* b, std::int64_t ldb,
                std::int64_t panel, Bf16* packed) {
    const std::int64_t column = panel * kPanelColumns, columns = n - column;
    for (std::int64_t at = 0; at < k; at += kStep, packed += 2 * kTileElements) {
        if (b_op == Op::kTransposed) {
            const Bf16* rows = b + column * ldb + at;
            pack_tile_along(rows, ldb, columns, k - at, packed);
            pack_tile_along(rows + 16 * ldb, ldb, columns - 16, k - at, packed + kTileElements);
        } else {
            for (std::int64_t pair = 0; pair < 16; ++pair) {
                const std::int64_t row = at + 2 * pair;
                const Interleaved both =
                    interleave(b + row * ldb + column, ldb, k - row, first(columns));
                _mm512_storeu_si512(packed + pair * kStep, both.left);
                _mm512_storeu_si512(packed + kTileElements + pair * kStep, both.right);
            }
        }
    }
}

void pack_left(Op a_op, std::int64_t rows, std::int64_t k, const Bf16* a, std::int64_t lda,
               Bf16* packed) {
    for (std::int64_t row = 0; row < rows; row += kBlockRows) {
        const std::int64_t left = rows - row;
        for (std::int64_t at = 0; at < k; at += kStep, packed += 2 * kTileElements) {
            if (a_op == Op::kPlain) {
                for (std::int64_t i = 0; i < kBlockRows; ++i) {
                    const __m512i numbers =
                        i < left ? _mm512_maskz_loadu_epi16(first(k - at), a + (row + i) * lda + at)
                                 : _mm512_setzero_si512();
                    _mm512_storeu_si512(packed + i * kStep, numbers);
                }
                continue;
            }
            __m512i upper[16], lower[16];
            for (std::int64_t pair = 0; pair < 16; ++pair) {
                const std::int64_t along = at + 2 * pair;
                const Interleaved both =
                    interleave(a + along * lda + row, lda, k - along, first(left));
                upper[pair] = both.left;
                lower[pair] = both.right;
            }
            transpose(upper);
            transpose(lower);
            for (int i = 0; i < 16; ++i) {
                _mm512_storeu_si512(packed + i * kStep, upper[i]);
                _mm512_storeu_si512(packed + kTileElements + i * kStep, lower[i]);
            }
        }
    }
}

void multiply_panel(const Left& a, const Bf16* panel, std::int64_t steps, std::int64_t columns,
                    bool add, float* c, std::int64_t ldc) {
    if (columns == kPanelColumns) {
        multiply_blocks(
            a, panel, steps,
            [&](std::int64_t row) {
                return Place{c + row * ldc, ldc, add};
            },
            [](std::int64_t, std::int64_t) {});
        return;
    }
    const auto left_mask = static_cast<__mmask16>(first(columns < 16 ? columns : 16));
    const auto right_mask = static_cast<__mmask16>(first(columns > 16 ? columns - 16 : 0));
    for_each_row(a, panel, steps, [&](std::int64_t row, __m512 left, __m512 right) {
        float* out = c + row * ldc;
        if (add) {
            left = _mm512_add_ps(left, _mm512_maskz_loadu_ps(left_mask, out));
            right = _mm512_add_ps(right, _mm512_maskz_loadu_ps(right_mask, out + 16));
        }
        _mm512_mask_storeu_ps(out, left_mask, left);
        _mm512_mask_storeu_ps(out + 16, right_mask, right);
    });
}

void multiply_panel(const Left& a, const Bf16* panel, std::int64_t steps, std::int64_t columns,
                    Bf16* c, std::int64_t ldc) {
    for_each_row(a, panel, steps, [&](std::int64_t row, __m512 left, __m512 right) {
        _mm512_mask_storeu_epi16(c + row * ldc, first(columns),
                                 reinterpret_cast<__m512i>(_mm512_cvtne2ps_pbh(right, left)));
    });
}

}  // namespace symphony::nn::amx
