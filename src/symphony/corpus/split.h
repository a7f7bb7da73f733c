// Which pieces are learned from, which choose the model and which judge it. Groups stay whole.
#pragma once

#include "symphony/corpus/dataset.h"
#include "symphony/corpus/groups.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

// A corpus of fewer pieces is not split once but in folds.
inline constexpr std::size_t kFoldsBelowPieces = 40;
inline constexpr int kFolds = 5;

struct SplitOptions {
    double valid_share = 0.1, test_share = 0.1;  // of pieces
    std::uint64_t seed = 1;
    int fold = 0;  // the fold that is test where folds are used
};

struct SplitPlan {
    std::vector<Split> of_piece;
    // Fold of each piece where folds are used: `fold` is test, the next one valid, the rest train.
    // Else empty.
    std::vector<int> fold_of_piece;
    int folds = 0;
};

// By seed alone. From 40 pieces: shares of pieces, groups in random order, test and valid never
// over their share but by the smallest group. Fewer: five folds, or as many as there are groups.
// Throws Error (kInput) if there are fewer than three groups, (kUsage) if `fold` is not below the
// number of folds.
SplitPlan split_groups(const Groups& groups, const SplitOptions& options);

// Lines "train|valid|test TAB path"; empty lines and lines that begin with # are skipped. A path
// names the piece whose id it equals or ends in ("/id"), or that ends in it. Pieces that no line
// names get no split. Throws Error (kInput)
// naming the line that is not so or puts a piece into a second split.
std::vector<std::optional<Split>> read_split_file(const std::filesystem::path& path,
                                                  std::span<const std::string> ids);

}  // namespace symphony::corpus
