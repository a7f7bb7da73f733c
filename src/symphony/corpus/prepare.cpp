#include "symphony/corpus/prepare.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/base/stop_signal.h"
#include "symphony/corpus/augment.h"
#include "symphony/corpus/dataset_builder.h"
#include "symphony/corpus/groups.h"
#include "symphony/corpus/load.h"
#include "symphony/corpus/split.h"
#include "symphony/score/transform.h"
#include "symphony/tokens/tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>

namespace symphony::corpus {
namespace {

using base::Json;

constexpr std::size_t kLargeGroupShare = 5;  // one piece in so many is worth a remark

// A piece that goes into the data set.
struct Chosen {
    const Piece* piece = nullptr;
    Split split = Split::kTrain;
    std::string group;
    int fold = -1;
};

struct EncodedSequence {
    int transposition = 0;
    tokens::Encoded encoded;
};

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

std::vector<EncodedSequence> encode_piece(const Chosen& chosen, const PartRanges& ranges,
                                          const tokens::Tokenizer& tokenizer, bool augment) {
    const score::Score& score = chosen.piece->score;
    std::vector<EncodedSequence> sequences;
    sequences.push_back({.transposition = 0, .encoded = tokenizer.encode(score)});
    if (!augment || chosen.split != Split::kTrain) return sequences;
    for (const int semitones : ranges.transpositions(score)) {
        if (semitones == 0) continue;
        const auto moved = score::transposed(score, semitones);
        if (!moved) continue;
        tokens::Encoded encoded = tokenizer.encode(*moved);
        // A key in which the scheme holds less of the piece is no variant of it.
        if (encoded.losses == sequences.front().encoded.losses)
            sequences.push_back({.transposition = semitones, .encoded = std::move(encoded)});
    }
    return sequences;
}

Json describe_data_set(const std::filesystem::path& root, const PrepareOptions& options,
                       std::uint64_t seed, const Groups& groups, const std::vector<Chosen>& chosen,
                       const PrepareResult& result) {
    Json json = to_json(result);
    json["corpus"] = root.generic_string();
    json["seed"] = seed;
    json["groups"] = groups.names.size();
    json["largest_group"] = groups.largest();
    json["only_mode"] = options.only_mode;
    json["augmented"] = options.augment;
    json["split_file"] = options.split_file;
    json["fold"] = options.fold;
    Json folds = Json::array();
    if (result.folds > 0)
        for (const Chosen& c : chosen) folds.push_back(c.fold);
    json["fold_of_piece"] = folds;
    return json;
}

}  // namespace

void PrepareOptions::describe(base::OptionTable& table) {
    table.group("Tokens");
    table.add("scheme", scheme, "how music becomes tokens", tokens::scheme_names());
    table.add("steps-per-quarter", steps_per_quarter,
              "finest step of time; 0: 12 where the corpus allows it, else 24", {0, 96});
    table.add("tokenizer", tokenizer_file, "use this tokenizer.json instead of learning one")
        .value_name = "FILE";
    table.add("augment", augment, "store every transposition of each training piece");
    table.group("Split");
    table.add("valid-share", valid_share, "share of pieces that choose the model", {0.01, 0.5});
    table.add("test-share", test_share, "share of pieces that judge it", {0.0, 0.5});
    table.add("fold", fold, "which fold is the test part (fewer than 40 pieces)", {0, kFolds - 1});
    table.add("split-file", split_file, "lines of 'train|valid|test TAB path'").value_name = "FILE";
    table.add("only-mode", only_mode, "keep pieces in this mode only; the split stays the same",
              {"any", "major", "minor"});
    table.add("keep-same-music", keep_same_music,
              "keep transposed and re-tracked copies, in the group of the first");
}

Json to_json(const PrepareResult& result) {
    Json splits = Json::object();
    for (int s = 0; s < kSplits; ++s) {
        const SplitCounts& c = result.splits[s];
        splits[std::string(split_name(static_cast<Split>(s)))] = {{"pieces", c.pieces},
                                                                  {"groups", c.groups},
                                                                  {"notes", c.notes},
                                                                  {"sequences", c.sequences},
                                                                  {"ids", c.ids}};
    }
    const Account& account = result.account;
    return Json{{"scheme", result.scheme},
                {"steps_per_quarter", result.steps_per_quarter},
                {"vocabulary_size", result.vocabulary_size},
                {"account",
                 {{"sentence", account.sentence()},
                  {"found", account.found},
                  {"used", account.used},
                  {"repaired", account.repaired},
                  {"refused", account.refused},
                  {"duplicates_exact", account.duplicates_exact},
                  {"duplicates_music", account.duplicates_music},
                  {"not_music", account.not_music}}},
                {"splits", splits},
                {"left_out", result.left_out},
                {"folds", result.folds},
                {"losses", result.losses},
                {"remarks", result.remarks}};
}

PrepareResult prepare(const std::filesystem::path& corpus_root, const std::filesystem::path& folder,
                      const PrepareOptions& options, std::uint64_t seed, int threads,
                      base::Progress& progress) {
    PrepareResult result;
    result.folder = folder;
    LoadOptions load;
    load.threads = threads;
    load.keep_same_music = options.keep_same_music;
    Corpus corpus = load_corpus(corpus_root, load, progress);
    result.account = corpus.account;
    if (corpus.pieces.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "no file could be used: " + corpus.account.sentence(), corpus_root,
                          "symphony check shows why each file is refused");

    progress.begin("grouping related pieces", 0);
    const Groups groups = groups_of(corpus);
    const std::vector<Chosen> chosen = choose(corpus, groups, options, seed, result);
    check_each_split_has_pieces(chosen, options, result.remarks);
    progress.begin("learning the vocabulary", 0);
    const PartRanges ranges(train_scores(chosen));
    const auto tokenizer = make_tokenizer(chosen, ranges, options);

    progress.begin("writing tokens", static_cast<std::int64_t>(chosen.size()));
    std::vector<std::vector<EncodedSequence>> encoded(chosen.size());
    std::atomic<std::int64_t> done{0};
    base::parallel_for(chosen.size(), threads, [&](std::size_t i) {
        base::throw_if_stop_requested();
        encoded[i] = encode_piece(chosen[i], ranges, *tokenizer, options.augment);
        progress.update(++done);
    });

    DatasetBuilder builder(tokenizer->to_json(), tokenizer->vocabulary().size(),
                           tokenizer->end_token());
    std::set<std::string> groups_in[kSplits];
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        const Chosen& c = chosen[i];
        const tokens::Encoded& original = encoded[i].front().encoded;
        const int index = builder.add_piece({.id = c.piece->id,
                                             .path = c.piece->path.generic_string(),
                                             .group = c.group,
                                             .split = c.split,
                                             .notes = original.source_notes,
                                             .key = c.piece->key,
                                             .key_given = c.piece->key_given,
                                             .losses = original.losses});
        for (const auto& [code, count] : original.losses) result.losses[code] += count;
        const auto s = static_cast<std::size_t>(c.split);
        for (const EncodedSequence& q : encoded[i])
            builder.add_sequence(index, q.transposition, q.encoded.ids);
        result.splits[s].pieces += 1;
        result.splits[s].notes += original.source_notes;
        result.splits[s].sequences += static_cast<std::int64_t>(encoded[i].size());
        groups_in[s].insert(c.group);
        encoded[i].clear();
    }
    for (int s = 0; s < kSplits; ++s) {
        result.splits[s].groups = static_cast<std::int64_t>(groups_in[s].size());
        result.splits[s].ids = static_cast<std::int64_t>(builder.id_count(static_cast<Split>(s)));
    }
    result.scheme = tokenizer->scheme();
    result.vocabulary_size = tokenizer->vocabulary().size();
    result.steps_per_quarter = tokenizer->steps_per_quarter();
    builder.set_description(describe_data_set(corpus_root, options, seed, groups, chosen, result));
    result.hash = builder.write(folder);
    progress.end();
    return result;
}

}  // namespace symphony::corpus
