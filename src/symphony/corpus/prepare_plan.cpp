#include "symphony/corpus/prepare_plan.h"

#include "symphony/base/error.h"
#include "symphony/corpus/split.h"
#include "symphony/score/transform.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace symphony::corpus {
namespace {

constexpr std::size_t kLargeGroupShare = 5;  // one piece in so many is worth a remark

Groups groups_of(const Corpus& corpus) {
    std::vector<WorkHints> hints;
    std::vector<const Fingerprint*> fingerprints;
    for (const Piece& piece : corpus.pieces) {
        hints.push_back({piece.id, piece.score.title, piece.score.composer});
        fingerprints.push_back(&piece.fingerprint);
    }
    return group_pieces(hints, fingerprints);
}

// Says how many test and valid pieces of a given split have relatives in train.
void remark_on_straddling(const Groups& groups, const std::vector<std::optional<Split>>& splits,
                          std::vector<std::string>& remarks) {
    std::set<int> train_groups;
    for (std::size_t i = 0; i < splits.size(); ++i)
        if (splits[i] == Split::kTrain) train_groups.insert(groups.of_piece[i]);
    for (const Split split : {Split::kValid, Split::kTest}) {
        std::size_t pieces = 0, related = 0;
        for (std::size_t i = 0; i < splits.size(); ++i) {
            if (splits[i] != split) continue;
            ++pieces;
            related += train_groups.contains(groups.of_piece[i]) ? 1 : 0;
        }
        if (related > 0)
            remarks.push_back(fmt::format(
                "the given split is not clean: {} of {} {} pieces share a work, a tune or copied "
                "music with a training piece; their scores are flattered",
                related, pieces, split_name(split)));
    }
}

// Splits the whole corpus, then leaves out what the options filter.
std::vector<Chosen> choose(const Corpus& corpus, const Groups& groups,
                           const PrepareOptions& options, std::uint64_t seed,
                           PrepareResult& result) {
    std::vector<std::optional<Split>> splits;
    std::vector<int> folds(corpus.pieces.size(), -1);
    if (!options.split_file.empty()) {
        std::vector<std::string> ids;
        for (const Piece& piece : corpus.pieces) ids.push_back(piece.id);
        splits = read_split_file(options.split_file, ids);
        const auto unnamed = std::count(splits.begin(), splits.end(), std::nullopt);
        if (unnamed > 0)
            result.remarks.push_back(
                fmt::format("{} pieces are left out: the split file does not name them", unnamed));
        remark_on_straddling(groups, splits, result.remarks);
    } else {
        SplitPlan plan = split_groups(groups, {.valid_share = options.valid_share,
                                               .test_share = options.test_share,
                                               .seed = seed,
                                               .fold = options.fold});
        splits.assign(plan.of_piece.begin(), plan.of_piece.end());
        result.folds = plan.folds;
        if (plan.folds > 0) {
            folds = plan.fold_of_piece;
            result.remarks.push_back(fmt::format(
                "only {} pieces (fewer than {}): fold {} of {} is the test part; repeat with "
                "--fold 0 to {} and average, and expect wide intervals: differences between models "
                "will seldom be certain",
                corpus.pieces.size(), kFoldsBelowPieces, options.fold, plan.folds, plan.folds - 1));
        }
    }
    if (groups.largest() > 1 && groups.largest() * kLargeGroupShare > corpus.pieces.size())
        result.remarks.push_back(fmt::format(
            "{} of {} pieces form one group (works, copies and shared tunes chained together): "
            "splits cannot be as large as asked",
            groups.largest(), corpus.pieces.size()));
    std::vector<Chosen> chosen;
    for (std::size_t i = 0; i < corpus.pieces.size(); ++i) {
        const Piece& piece = corpus.pieces[i];
        const bool wanted =
            options.only_mode == "any" || piece.key.minor == (options.only_mode == "minor");
        if (!splits[i] || !wanted) {
            ++result.left_out;
            continue;
        }
        chosen.push_back({.piece = &piece,
                          .split = *splits[i],
                          .group = groups.names[static_cast<std::size_t>(groups.of_piece[i])],
                          .fold = folds[i]});
    }
    return chosen;
}

void check_each_split_has_pieces(const std::vector<Chosen>& chosen, const PrepareOptions& options,
                                 std::vector<std::string>& remarks) {
    for (const Split split : {Split::kTrain, Split::kValid, Split::kTest}) {
        const auto here = [&](const Chosen& c) { return c.split == split; };
        if (std::any_of(chosen.begin(), chosen.end(), here)) continue;
        if (split == Split::kTest) {
            remarks.push_back("there are no test pieces: nothing can be said about unseen music");
            continue;
        }
        throw base::Error(
            base::ErrorKind::kInput,
            fmt::format("no {} piece is left of {} after the split{}", split_name(split),
                        chosen.size(), options.only_mode == "any" ? "" : " and the choice of mode"),
            {}, "add music, or use another --seed or --split-file");
    }
}

std::vector<const score::Score*> train_scores(const std::vector<Chosen>& chosen) {
    std::vector<const score::Score*> scores;
    for (const Chosen& c : chosen)
        if (c.split == Split::kTrain) scores.push_back(&c.piece->score);
    return scores;
}

// The vocabulary must hold what augmentation makes: each piece as it is, lowest and highest.
std::unique_ptr<tokens::Tokenizer> make_tokenizer(const std::vector<Chosen>& chosen,
                                                  const PartRanges& ranges,
                                                  const PrepareOptions& options) {
    if (!options.tokenizer_file.empty())
        return tokens::tokenizer_from_json(base::read_json_file(options.tokenizer_file).value(),
                                           options.tokenizer_file);
    std::vector<score::Score> scores;
    for (const score::Score* score : train_scores(chosen)) {
        scores.push_back(*score);
        if (!options.augment) continue;
        const std::vector<int> all = ranges.transpositions(*score);
        for (const int semitones : std::set<int>{all.front(), all.back()}) {
            if (semitones == 0) continue;
            if (auto moved = score::transposed(*score, semitones))
                scores.push_back(std::move(*moved));
        }
    }
    return tokens::learn_tokenizer(
        scores, {.scheme = options.scheme, .steps_per_quarter = options.steps_per_quarter});
}

}  // namespace

PreparePlan make_plan(const std::filesystem::path& corpus_root, const PrepareOptions& options,
                      std::uint64_t seed, int threads, base::Progress& progress) {
    PreparePlan plan;
    LoadOptions load;
    load.threads = threads;
    load.keep_same_music = options.keep_same_music;
    plan.corpus = load_corpus(corpus_root, load, progress);
    PrepareResult& result = plan.result;
    result.account = plan.corpus.account;
    if (plan.corpus.pieces.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "no file could be used: " + result.account.sentence(), corpus_root,
                          "symphony check shows why each file is refused");
    progress.begin("grouping related pieces", 0);
    plan.groups = groups_of(plan.corpus);
    plan.chosen = choose(plan.corpus, plan.groups, options, seed, result);
    check_each_split_has_pieces(plan.chosen, options, result.remarks);
    progress.begin("learning the vocabulary", 0);
    plan.ranges = std::make_unique<PartRanges>(train_scores(plan.chosen));
    plan.tokenizer = make_tokenizer(plan.chosen, *plan.ranges, options);
    result.scheme = plan.tokenizer->scheme();
    result.vocabulary_size = plan.tokenizer->vocabulary().size();
    result.steps_per_quarter = plan.tokenizer->steps_per_quarter();
    return plan;
}

}  // namespace symphony::corpus
