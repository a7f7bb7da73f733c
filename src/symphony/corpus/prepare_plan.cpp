#include "symphony/corpus/prepare_plan.h"

#include "symphony/base/error.h"
#include "symphony/corpus/apart.h"
#include "symphony/corpus/free_timing.h"
#include "symphony/corpus/index_place.h"
#include "symphony/corpus/learn_pieces.h"
#include "symphony/corpus/split.h"
#include "symphony/score/transform.h"
#include "symphony/tokens/subword_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

namespace symphony::corpus {
namespace {

constexpr std::size_t kLargeGroupShare = 5;  // one piece in so many is worth a remark

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
                           const std::vector<bool>& kept_apart, const PrepareOptions& options,
                           std::uint64_t seed, PrepareResult& result) {
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
        if (kept_apart[i]) continue;
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

}  // namespace

tokens::TokenizerOptions tokenizer_options(const PrepareOptions& options, const Shaping& shaping) {
    tokens::TokenizerOptions wanted = options.tokenizer_options();
    if (options.steps_per_quarter == 0 && shaping.free_timing)
        wanted.steps_per_quarter = kClockStepsPerQuarter;
    return wanted;
}

namespace {

std::vector<const Piece*> train_pieces(const std::vector<Chosen>& chosen) {
    std::vector<const Piece*> pieces;
    for (const Chosen& c : chosen)
        if (c.split == Split::kTrain) pieces.push_back(c.piece);
    return pieces;
}

PartRanges learn_ranges(const Corpus& corpus, std::span<const Piece* const> train, int threads,
                        base::Progress& progress) {
    return learn_pieces<PartRangesLearner>(
               corpus, train, "learning the ranges of parts", threads, progress,
               [] { return std::make_unique<PartRangesLearner>(); },
               [](PartRangesLearner& learner, const score::Score& piece) { learner.add(piece); })
        ->finish();
}

// What sub-words are learned from, gathered piece by piece; its order does not matter.
struct SubwordSequences {
    std::vector<std::vector<int>> list;

    void add(const tokens::Tokenizer& base, const score::Score& piece) {
        for (auto& sequence : tokens::subword_sequences(base, piece))
            list.push_back(std::move(sequence));
    }
    void merge(const SubwordSequences& other) {
        list.insert(list.end(), other.list.begin(), other.list.end());
    }
};

// The vocabulary must hold what augmentation makes: each piece as it is, lowest and highest.
std::unique_ptr<tokens::Tokenizer> make_tokenizer(const Corpus& corpus,
                                                  std::span<const Piece* const> train,
                                                  const PartRanges& ranges,
                                                  const PrepareOptions& options, int threads,
                                                  base::Progress& progress) {
    if (!options.tokenizer_file.empty())
        return tokens::tokenizer_from_json(base::read_json_file(options.tokenizer_file).value(),
                                           options.tokenizer_file);
    // The lowest and the highest transposition along with the piece itself.
    const auto each_form = [&](const score::Score& piece, auto&& take) {
        take(piece);
        if (!options.augment) return;
        const std::vector<int> all = ranges.transpositions(piece);
        for (const int semitones : std::set<int>{all.front(), all.back()}) {
            if (semitones == 0) continue;
            if (const auto moved = score::transposed(piece, semitones)) take(*moved);
        }
    };
    const tokens::TokenizerOptions wanted = tokenizer_options(options, corpus.shaping);
    auto tokenizer = learn_pieces<tokens::TokenizerLearner>(
                         corpus, train, "learning the vocabulary", threads, progress,
                         [&] { return tokens::tokenizer_learner(wanted); },
                         [&](tokens::TokenizerLearner& learner, const score::Score& piece) {
                             each_form(piece, [&](const score::Score& form) { learner.add(form); });
                         })
                         ->finish();
    if (options.subwords == 0) return tokenizer;
    const auto sequences = learn_pieces<SubwordSequences>(
        corpus, train, "learning sub-words", threads, progress,
        [] { return std::make_unique<SubwordSequences>(); },
        [&](SubwordSequences& gathered, const score::Score& piece) {
            each_form(piece, [&](const score::Score& form) { gathered.add(*tokenizer, form); });
        });
    return tokens::with_subwords(std::move(tokenizer), sequences->list, options.subword_options());
}

// Schemes whose steps can be 10 ms, or which count real time anyway.
bool can_be_free(const std::string& scheme) {
    static const std::set<std::string> kSchemes{"note",         "remi", "performance",
                                                "anticipation", "aria", "aria-seconds"};
    return kSchemes.contains(scheme);
}

// Chooses beat or free, and says in words what that does to takes played without a click.
Shaping shaping_for(const Corpus& corpus, const PrepareOptions& options, PrepareResult& result) {
    std::size_t free = 0;
    for (const Piece& piece : corpus.pieces)
        free += corpus.statistics(piece).on_grid_share < kFollowsBeats ? 1 : 0;
    const std::size_t pieces = corpus.pieces.size();
    const Shaping shaping{
        .mend_bars = options.mend_bars,
        .free_timing = options.timing == "free" || (options.timing == "auto" && 2 * free > pieces)};
    result.timing = shaping.free_timing ? "free" : "beat";
    if (shaping.free_timing) {
        if (!can_be_free(options.scheme))
            throw base::Error(base::ErrorKind::kUsage,
                              fmt::format("scheme {} counts in beats: it cannot keep free timing",
                                          options.scheme),
                              {}, "--scheme remi, note or performance can; or use --timing beat");
        result.remarks.push_back(fmt::format(
            "timing is free: all {} pieces lie on steps of 10 ms, without metre and bars (bars of "
            "the tokens are windows of two seconds)",
            pieces));
        if (free < pieces)
            result.remarks.push_back(fmt::format(
                "{} of {} pieces do follow their beats: that is not kept with --timing free",
                pieces - free, pieces));
    } else if (free > 0) {
        result.remarks.push_back(
            fmt::format("{} of {} pieces were played without a click: their onsets are moved to "
                        "steps of a beat "
                        "that they do not follow; --timing free keeps them as played",
                        free, pieces));
    }
    return shaping;
}

// Which pieces are left out as relatives of the music in options.apart_from.
std::vector<bool> kept_apart(const Corpus& corpus, const PrepareOptions& options, int threads,
                             base::Progress& progress, PrepareResult& result) {
    if (options.apart_from.empty()) return std::vector<bool>(corpus.pieces.size(), false);
    const Corpus other = load_corpus(options.apart_from, {.threads = threads}, progress);
    const std::vector<bool> related = related_pieces(corpus, other, threads);
    for (std::size_t i = 0; i < related.size(); ++i)
        if (related[i]) result.kept_apart.push_back(corpus.pieces[i].id);
    result.remarks.push_back(
        fmt::format("{} of {} pieces are left out: they are related to other music",
                    result.kept_apart.size(), related.size()));
    return related;
}

PreparePlan make_plan_once(const std::filesystem::path& corpus_root, const PrepareOptions& options,
                           std::uint64_t seed, int threads, base::Progress& progress,
                           const std::filesystem::path& index_file) {
    PreparePlan plan;
    LoadOptions load{.threads = threads,
                     .keep_same_music = options.keep_same_music,
                     .index_file = index_file,
                     .filters = options.filters};
    // What does not follow the beat is no noise where no beat is asserted.
    if (options.timing == "free") load.filters.least_on_grid = 0;
    plan.corpus = load_corpus(corpus_root, load, progress);
    PrepareResult& result = plan.result;
    result.account = std::move(plan.corpus.account);
    if (plan.corpus.pieces.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "no file could be used: " + result.account.sentence(), corpus_root,
                          "symphony check shows why each file is refused");
    plan.corpus.shaping = shaping_for(plan.corpus, options, result);
    progress.begin("grouping related pieces", 0);
    plan.groups = group_pieces(plan.corpus, threads);
    const std::vector<bool> apart = kept_apart(plan.corpus, options, threads, progress, result);
    plan.corpus.view.reset();
    plan.chosen = choose(plan.corpus, plan.groups, apart, options, seed, result);
    check_each_split_has_pieces(plan.chosen, options, result.remarks);
    const std::vector<const Piece*> train = train_pieces(plan.chosen);
    plan.ranges = std::make_unique<PartRanges>(learn_ranges(plan.corpus, train, threads, progress));
    plan.tokenizer = make_tokenizer(plan.corpus, train, *plan.ranges, options, threads, progress);
    result.scheme = plan.tokenizer->scheme();
    result.vocabulary_size = plan.tokenizer->vocabulary().size();
    result.steps_per_quarter = plan.tokenizer->steps_per_quarter();
    return plan;
}

}  // namespace

PreparePlan make_plan(const std::filesystem::path& corpus_root, const PrepareOptions& options,
                      std::uint64_t seed, int threads, base::Progress& progress,
                      const std::filesystem::path& index_file) {
    return with_sound_index(index_file, progress, [&] {
        return make_plan_once(corpus_root, options, seed, threads, progress, index_file);
    });
}

}  // namespace symphony::corpus
