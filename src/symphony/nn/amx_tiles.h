// What AMX's tiles do (Intel, "Architecture Instruction Set Extensions", chapter 3): a tile holds
// 16 rows of 64 bytes, and one instruction multiplies 16 x 32 bf16 by 32 x 16 and adds to 16 x 16
// float32. Here: operands into the order that tiles are loaded in, and products of such operands.
// One thread. This header's sources alone are compiled for such CPUs: call nothing of it unless
// amx::available(). Own.
#pragma once

#include "symphony/nn/bf16.h"

#include <cstdint>

namespace symphony::nn::amx {

// A right-hand side comes in panels of so many columns, two tiles wide; a left-hand side in blocks
// of so many rows, two tiles high; both in steps of so many of the summed dimension, K. What is
// missing to a whole one is zero.
constexpr std::int64_t kPanelColumns = 32, kBlockRows = 32, kStep = 32;
constexpr std::int64_t kTileElements = 16 * kStep;

constexpr std::int64_t panels_of(std::int64_t n) { return (n + kPanelColumns - 1) / kPanelColumns; }
constexpr std::int64_t steps_of(std::int64_t k) { return (k + kStep - 1) / kStep; }
// Elements of a packed panel, and of a packed left-hand side.
constexpr std::int64_t panel_size(std::int64_t k) { return steps_of(k) * 2 * kTileElements; }
constexpr std::int64_t left_size(std::int64_t rows, std::int64_t k) {
    return (rows + kBlockRows - 1) / kBlockRows * steps_of(k) * 2 * kTileElements;
}

// Panel `panel` of B, op(B) being (K,N), ldb as for gemm(). packed: panel_size(k).
void pack_panel(Op b_op, std::int64_t k, std::int64_t n, const Bf16* b, std::int64_t ldb,
                std::int64_t panel, Bf16* packed);

// A, op(A) being (rows,K), lda as for gemm(). packed: left_size(rows, k).
void pack_left(Op a_op, std::int64_t rows, std::int64_t k, const Bf16* a, std::int64_t lda,
               Bf16* packed);

// A left-hand side as tiles are loaded from it; distances in elements.
struct Left {
    const Bf16* data;
    std::int64_t rows;
    std::int64_t row;    // from a row to the next in a tile
    std::int64_t step;   // from a tile to the one kStep further in K
    std::int64_t tile;   // from a tile to the one 16 rows below
    std::int64_t block;  // from a block of kBlockRows to the next

    static Left packed(const Bf16* data, std::int64_t rows, std::int64_t k) {
        return {data, rows, kStep, 2 * kTileElements, kTileElements, panel_size(k)};
    }
    // Rows as they lie. Precondition: K is a multiple of kStep.
    static Left plain(const Bf16* data, std::int64_t rows, std::int64_t lda) {
        return {data, rows, lda, kStep, 16 * lda, kBlockRows * lda};
    }
};

// C (rows, columns <= kPanelColumns) = A x panel, of `steps` of K; added to what C held where
// `add`.
void multiply_panel(const Left& a, const Bf16* panel, std::int64_t steps, std::int64_t columns,
                    bool add, float* c, std::int64_t ldc);
// The same, rounded to bf16 (ties to even; what is below the normal range becomes zero).
void multiply_panel(const Left& a, const Bf16* panel, std::int64_t steps, std::int64_t columns,
                    Bf16* c, std::int64_t ldc);

}  // namespace symphony::nn::amx
