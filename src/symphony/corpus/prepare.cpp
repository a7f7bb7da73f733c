#include "symphony/corpus/prepare.h"

#include "symphony/base/parallel.h"
#include "symphony/base/stop_signal.h"
#include "symphony/corpus/dataset_builder.h"
#include "symphony/corpus/dataset_format.h"
#include "symphony/corpus/fetch.h"
#include "symphony/corpus/music_stamp.h"
#include "symphony/corpus/prepare_plan.h"
#include "symphony/corpus/split.h"
#include "symphony/score/transform.h"

#include <algorithm>
#include <atomic>
#include <set>

namespace symphony::corpus {
namespace {

using base::Json;

constexpr std::size_t kPiecesAtOnce = 256;

struct EncodedSequence {
    int transposition = 0;
    tokens::Encoded encoded;
};

struct EncodedPiece {
    std::vector<EncodedSequence> sequences;
    std::string mended;  // what was done to its bars
};

EncodedPiece encode_piece(const Chosen& chosen, const PreparePlan& plan, bool augment) {
    EncodedPiece piece;
    const score::Score score = plan.corpus.read(*chosen.piece, &piece.mended);
    const tokens::Tokenizer& tokenizer = *plan.tokenizer;
    std::vector<EncodedSequence>& sequences = piece.sequences;
    sequences.push_back({.transposition = 0, .encoded = tokenizer.encode(score)});
    if (!augment || chosen.split != Split::kTrain) return piece;
    for (const int semitones : plan.ranges->transpositions(score)) {
        if (semitones == 0) continue;
        const auto moved = score::transposed(score, semitones);
        if (!moved) continue;
        tokens::Encoded encoded = tokenizer.encode(*moved);
        // A key in which the scheme holds less of the piece is no variant of it.
        if (encoded.losses == sequences.front().encoded.losses)
            sequences.push_back({.transposition = semitones, .encoded = std::move(encoded)});
    }
    return piece;
}

void add_to(DatasetBuilder& builder, const Corpus& corpus, const Chosen& chosen,
            const EncodedPiece& piece, PrepareResult& result) {
    const std::vector<EncodedSequence>& sequences = piece.sequences;
    if (!piece.mended.empty()) result.mended.emplace(chosen.piece->id, piece.mended);
    const tokens::Encoded& original = sequences.front().encoded;
    const int index = builder.add_piece({.id = chosen.piece->id,
                                         .path = corpus.path_of(*chosen.piece).generic_string(),
                                         .group = chosen.group,
                                         .split = chosen.split,
                                         .notes = original.source_notes,
                                         .key = chosen.piece->key,
                                         .key_given = chosen.piece->key_given,
                                         .losses = original.losses});
    for (const EncodedSequence& sequence : sequences)
        builder.add_sequence(index, sequence.transposition, sequence.encoded.ids);
    for (const auto& [code, count] : original.losses) result.losses[code] += count;
    SplitCounts& counts = result.splits[static_cast<std::size_t>(chosen.split)];
    counts.pieces += 1;
    counts.notes += original.source_notes;
    counts.sequences += static_cast<std::int64_t>(sequences.size());
}

void keep_splits(const PreparePlan& plan, const std::string& hash) {
    std::vector<CorpusIndex::PieceSplit> splits;
    for (const Chosen& c : plan.chosen) splits.push_back({c.piece->id, c.group, c.split});
    plan.corpus.index->keep_splits(splits, hash);
}

// What decides a data set, as its description keeps it.
Json origin_of(const std::filesystem::path& root, PrepareOptions options, std::uint64_t seed) {
    base::OptionTable table;
    options.describe(table);
    return {{"seed", seed}, {"options", table.to_json()}, {"music", music_stamp(root)}};
}

Json describe_data_set(const std::filesystem::path& root, const PrepareOptions& options,
                       std::uint64_t seed, const PreparePlan& plan, const PrepareResult& result) {
    Json json = to_json(result);
    json["corpus"] = root.generic_string();
    json["seed"] = seed;
    json["origin"] = origin_of(root, options, seed);
    json["groups"] = plan.groups.names.size();
    json["largest_group"] = plan.groups.largest();
    json["only_mode"] = options.only_mode;
    json["shaping"] = to_json(plan.corpus.shaping);
    json["augmented"] = options.augment;
    json["split_file"] = options.split_file;
    json["fold"] = options.fold;
    // Takes without a tempo of their own are played at it; absent where nobody said one.
    const double tempo =
        options.default_tempo_bpm > 0 ? options.default_tempo_bpm : default_tempo_of(root);
    if (tempo > 0) json["default_tempo"] = tempo;
    Json folds = Json::array();
    if (result.folds > 0)
        for (const Chosen& c : plan.chosen) folds.push_back(c.fold);
    json["fold_of_piece"] = folds;
    return json;
}

// code -> the files that a filter left out for it, each with the reason
Json filtered_files(const Account& account) {
    Json by_code = Json::object();
    for (const FileRecord& file : account.files)
        if (file.fate == FileFate::kFiltered) by_code[file.code][file.id] = file.reason;
    return {{"count", account.filtered}, {"by_code", by_code}};
}

}  // namespace

void PrepareOptions::describe(base::OptionTable& table) {
    table.group("Tokens");
    table.add("scheme", scheme, "how music becomes tokens", tokens::scheme_names());
    table.add("steps-per-quarter", steps_per_quarter,
              "finest step of time; 0: 12 where the corpus allows it, else 24", {0, 96});
    stream.describe(table);
    table.add("subwords", subwords, "learn sub-words up to a vocabulary of this size; 0: none",
              {0, kMostTokens});
    table.add("subword-model", subword_model,
              "how sub-words are learned: merging frequent pairs (bpe), or as the likeliest cuts "
              "(unigram)",
              {tokens::kBytePairsName, tokens::kUnigramName});
    table.add("tokenizer", tokenizer_file, "use this tokenizer.json instead of learning one")
        .value_name = "FILE";
    table.add("augment", augment, "store every transposition of each training piece");
    table.add(
        "default-tempo", default_tempo_bpm,
        "quarters a minute for takes of a corpus that states no tempo; 0: as the named corpus "
        "says",
        {0, 1000});
    table.group("Split");
    table.add("valid-share", valid_share, "share of pieces that choose the model", {0.01, 0.5});
    table.add("test-share", test_share, "share of pieces that judge it", {0.0, 0.5});
    table.add("fold", fold, "which fold is the test part (fewer than 40 pieces)", {0, kFolds - 1});
    table.add("split-file", split_file, "lines of 'train|valid|test TAB path'").value_name = "FILE";
    table
        .add("apart-from", apart_from,
             "leave out pieces that share a work, a tune or copied music with this folder's, so "
             "that it stays unseen")
        .value_name = "DIR";
    table.add("only-mode", only_mode, "keep pieces in this mode only; the split stays the same",
              {"any", "major", "minor"});
    table.add("keep-same-music", keep_same_music,
              "keep transposed and re-tracked copies, in the group of the first");
    filters.describe(table);
    table.group("Time");
    table.add(
        "timing", timing,
        "what a step of time is: a part of the beat, 10 ms whatever the beat (for takes played "
        "without a click), or the latter if most pieces do not follow their beats",
        {"beat", "free", "auto"});
    table.add("mend-bars", mend_bars,
              "where the music is barred wrongly, mark the upbeat or set the metre (explore names "
              "such files)");
}

tokens::TokenizerOptions PrepareOptions::tokenizer_options() const {
    return {.scheme = scheme, .steps_per_quarter = steps_per_quarter, .stream = stream};
}

tokens::SubwordOptions PrepareOptions::subword_options() const {
    return {.vocabulary_size = subwords,
            .model = subword_model == tokens::kUnigramName ? tokens::SubwordModel::kUnigram
                                                           : tokens::SubwordModel::kBytePairs};
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
                  {"filtered", filtered_files(account)},
                  {"not_music", account.not_music}}},
                {"splits", splits},
                {"left_out", result.left_out},
                {"kept_apart", result.kept_apart},
                {"folds", result.folds},
                {"losses", result.losses},
                {"timing", result.timing},
                {"bars_mended", result.mended},
                {"remarks", result.remarks}};
}

PrepareResult prepare(const std::filesystem::path& corpus_root, const std::filesystem::path& folder,
                      const PrepareOptions& options, std::uint64_t seed, int threads,
                      base::Progress& progress, const std::filesystem::path& index_file) {
    const PreparePlan plan = make_plan(corpus_root, options, seed, threads, progress, index_file);
    const std::vector<Chosen>& chosen = plan.chosen;
    PrepareResult result = plan.result;
    result.folder = folder;
    const tokens::Tokenizer& tokenizer = *plan.tokenizer;

    DatasetBuilder builder(folder, tokenizer.to_json(), tokenizer.vocabulary().size(),
                           tokenizer.end_token());
    std::set<std::string> groups_in[kSplits];
    progress.begin("writing tokens", static_cast<std::int64_t>(chosen.size()));
    std::atomic<std::int64_t> done{0};
    // Block by block, so that little is held and the order stays that of the pieces.
    for (std::size_t begin = 0; begin < chosen.size(); begin += kPiecesAtOnce) {
        const std::size_t count = std::min(kPiecesAtOnce, chosen.size() - begin);
        std::vector<EncodedPiece> encoded(count);
        base::parallel_for(count, threads, [&](std::size_t i) {
            base::throw_if_stop_requested();
            encoded[i] = encode_piece(chosen[begin + i], plan, options.augment);
            progress.update(++done);
        });
        for (std::size_t i = 0; i < count; ++i) {
            const Chosen& piece = chosen[begin + i];
            add_to(builder, plan.corpus, piece, encoded[i], result);
            groups_in[static_cast<std::size_t>(piece.split)].insert(piece.group);
        }
    }
    for (int s = 0; s < kSplits; ++s) {
        result.splits[s].groups = static_cast<std::int64_t>(groups_in[s].size());
        result.splits[s].ids = static_cast<std::int64_t>(builder.id_count(static_cast<Split>(s)));
    }
    builder.set_description(describe_data_set(corpus_root, options, seed, plan, result));
    result.hash = builder.write();
    if (!index_file.empty()) keep_splits(plan, result.hash);
    progress.end();
    return result;
}

bool is_prepared(const std::filesystem::path& folder, const std::filesystem::path& corpus_root,
                 const PrepareOptions& options, std::uint64_t seed) {
    const Json wanted = origin_of(corpus_root, options, seed);
    const auto index = base::read_json_file(folder / kIndexFile);
    return index && index.value().is_object() &&
           index.value().value(Json::json_pointer("/description/origin"), Json()) == wanted;
}

std::unique_ptr<tokens::Tokenizer> tokenizer_for(const std::filesystem::path& corpus_root,
                                                 const PrepareOptions& options, std::uint64_t seed,
                                                 int threads, base::Progress& progress,
                                                 const std::filesystem::path& index_file) {
    PreparePlan plan = make_plan(corpus_root, options, seed, threads, progress, index_file);
    progress.end();
    return std::move(plan.tokenizer);
}

}  // namespace symphony::corpus
