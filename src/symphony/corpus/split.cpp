#include "symphony/corpus/split.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/rng.h"
#include "symphony/base/text.h"
#include "symphony/corpus/piece_id.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace symphony::corpus {
namespace {

constexpr std::size_t kFewestGroups = 3;  // one each to learn from, choose by and be judged by

std::vector<std::size_t> shuffled_groups(const Groups& groups, std::uint64_t seed) {
    std::vector<std::size_t> order(groups.names.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    base::Rng rng(seed, "split");
    rng.shuffle(std::span(order));
    return order;
}

std::size_t target(double share, std::size_t pieces) {
    return std::max<std::size_t>(
        1, static_cast<std::size_t>(std::llround(share * static_cast<double>(pieces))));
}

// Gives `split` the groups that fit into `room` pieces, in order; the smallest one where none fits.
void fill(Split split, std::size_t room, const Groups& groups,
          const std::vector<std::size_t>& order, std::vector<std::optional<Split>>& of_group) {
    std::size_t taken = 0;
    std::optional<std::size_t> smallest;
    for (const std::size_t g : order) {
        if (of_group[g]) continue;
        if (!smallest || groups.sizes[g] < groups.sizes[*smallest]) smallest = g;
        if (taken + groups.sizes[g] > room) continue;
        of_group[g] = split;
        taken += groups.sizes[g];
    }
    if (taken == 0 && smallest) of_group[*smallest] = split;
}

SplitPlan split_by_shares(const Groups& groups, const SplitOptions& options) {
    const std::size_t pieces = groups.of_piece.size();
    const auto order = shuffled_groups(groups, options.seed);
    std::vector<std::optional<Split>> of_group(groups.names.size());
    if (options.test_share > 0)
        fill(Split::kTest, target(options.test_share, pieces), groups, order, of_group);
    fill(Split::kValid, target(options.valid_share, pieces), groups, order, of_group);
    SplitPlan plan;
    for (const int g : groups.of_piece)
        plan.of_piece.push_back(of_group[static_cast<std::size_t>(g)].value_or(Split::kTrain));
    return plan;
}

SplitPlan split_by_folds(const Groups& groups, const SplitOptions& options) {
    SplitPlan plan;
    plan.folds = static_cast<int>(std::min<std::size_t>(kFolds, groups.names.size()));
    if (options.fold < 0 || options.fold >= plan.folds)
        throw base::Error(base::ErrorKind::kUsage,
                          fmt::format("fold {}, expected 0 to {}", options.fold, plan.folds - 1));
    std::vector<std::size_t> pieces_in(static_cast<std::size_t>(plan.folds), 0);
    std::vector<int> fold_of_group(groups.names.size());
    auto order = shuffled_groups(groups, options.seed);
    // Large groups first: the folds come out as even as whole groups allow.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return groups.sizes[a] > groups.sizes[b];
    });
    for (const std::size_t g : order) {
        const auto emptiest = std::min_element(pieces_in.begin(), pieces_in.end());
        fold_of_group[g] = static_cast<int>(emptiest - pieces_in.begin());
        *emptiest += groups.sizes[g];
    }
    for (const int g : groups.of_piece) {
        const int fold = fold_of_group[static_cast<std::size_t>(g)];
        plan.fold_of_piece.push_back(fold);
        plan.of_piece.push_back(fold == options.fold                      ? Split::kTest
                                : fold == (options.fold + 1) % plan.folds ? Split::kValid
                                                                          : Split::kTrain);
    }
    return plan;
}

bool names(const std::string& path, const std::string& id) {
    const auto ends_in = [](const std::string& whole, const std::string& end) {
        return whole.size() > end.size() && whole.ends_with(end) &&
               whole[whole.size() - end.size() - 1] == '/';
    };
    return path == id || ends_in(path, id) || ends_in(id, path);
}

}  // namespace

SplitPlan split_groups(const Groups& groups, const SplitOptions& options) {
    if (groups.names.size() < kFewestGroups)
        throw base::Error(
            base::ErrorKind::kInput,
            fmt::format("got {} unrelated pieces or groups, expected at least {}: one to learn "
                        "from, one to choose by, one to be judged by",
                        groups.names.size(), kFewestGroups),
            {}, "add music, or say which piece is which with --split-file");
    return groups.of_piece.size() < kFoldsBelowPieces ? split_by_folds(groups, options)
                                                      : split_by_shares(groups, options);
}

std::vector<std::optional<Split>> read_split_file(const std::filesystem::path& path,
                                                  std::span<const std::string> ids) {
    std::vector<std::optional<Split>> splits(ids.size());
    std::unordered_map<std::string, std::vector<std::size_t>> by_name;
    const auto last_name = [](const std::string& text) { return text.substr(text.rfind('/') + 1); };
    for (std::size_t i = 0; i < ids.size(); ++i) by_name[last_name(ids[i])].push_back(i);
    const std::string text = base::read_file(path).value();
    int line_number = 0;
    const auto fail = [&](const std::string& what) {
        throw base::Error(base::ErrorKind::kInput, fmt::format("line {}: {}", line_number, what),
                          path);
    };
    for (const std::string& raw : base::split(text, '\n')) {
        ++line_number;
        const std::string line = base::trim(raw);
        if (line.empty() || line[0] == '#') continue;
        const std::size_t tab = line.find('\t');
        const std::string word = line.substr(0, tab);
        if (tab == std::string::npos || (word != "train" && word != "valid" && word != "test"))
            fail("expected 'train', 'valid' or 'test', a tab and a path");
        std::string name = base::trim(line.substr(tab + 1));
        if (!base::is_utf8(name)) name = id_of_name(name);
        for (const std::size_t i : by_name[last_name(name)]) {
            if (!names(name, ids[i])) continue;
            const Split split = split_from_name(word);
            if (splits[i] && *splits[i] != split)
                fail(fmt::format("{} is in {} already", ids[i], split_name(*splits[i])));
            splits[i] = split;
        }
    }
    return splits;
}

}  // namespace symphony::corpus
