#include "symphony/training/training_data.h"

#include "symphony/base/rng.h"

#include <algorithm>
#include <numeric>

namespace symphony::training {
namespace {

using corpus::Split;

std::vector<std::vector<int>> whole_pieces(const corpus::Dataset& dataset, Split split) {
    std::vector<std::vector<int>> pieces;
    for (int piece : dataset.pieces_of(split)) {
        const auto& sequences = dataset.pieces()[static_cast<std::size_t>(piece)].sequences;
        if (sequences.empty()) continue;
        const auto& info = dataset.sequences(split)[static_cast<std::size_t>(sequences.front())];
        const auto ids = dataset.ids(split, info);
        if (!ids.empty()) pieces.emplace_back(ids.begin(), ids.end());
    }
    return pieces;
}

std::vector<std::uint8_t> ids_in(const std::vector<TrainingPiece>& train, int vocabulary_size) {
    std::vector<std::uint8_t> seen(static_cast<std::size_t>(vocabulary_size), 0);
    for (const TrainingPiece& piece : train)
        for (const auto& version : piece.versions)
            for (const int id : version) seen[static_cast<std::size_t>(id)] = 1;
    return seen;
}

// Tempo ids from slow to fast, one per class: asked of the tokenizer class by class.
std::vector<int> find_tempo_ladder(const tokens::Tokenizer& tokenizer) {
    std::vector<int> ladder;
    constexpr double kSlowest = 10, kFastest = 500, kStep = 0.5;  // quarters per minute
    for (double tempo = kSlowest; tempo <= kFastest; tempo += kStep) {
        const int id = tokenizer.tempo_token(tempo);
        if (id >= 0 && (ladder.empty() || ladder.back() != id)) ladder.push_back(id);
    }
    return ladder;
}

// What a shift by a class either way makes of the tempos that are seen.
void add_neighbours(const std::vector<int>& ladder, std::vector<std::uint8_t>& seen) {
    const std::vector<std::uint8_t> written = seen;
    const auto is_written = [&](std::size_t rank) {
        return rank < ladder.size() && written[static_cast<std::size_t>(ladder[rank])];
    };
    for (std::size_t rank = 0; rank < ladder.size(); ++rank)
        if (is_written(rank + 1) || (rank > 0 && is_written(rank - 1)))
            seen[static_cast<std::size_t>(ladder[rank])] = 1;
}

}  // namespace

TrainingData training_data(const corpus::Dataset& dataset, bool transpose, bool vary_tempo) {
    TrainingData data;
    data.vocabulary_size = dataset.vocabulary_size();
    data.end_token = dataset.end_token();
    data.hash = dataset.hash();
    data.default_tempo_bpm = dataset.default_tempo_bpm();
    data.tokenizer_json = dataset.tokenizer_json();
    const auto tokenizer =
        tokens::tokenizer_from_json(data.tokenizer_json, dataset.folder() / "tokenizer.json");
    for (int id = 0; id < data.vocabulary_size; ++id)
        data.kinds.push_back(tokenizer->vocabulary().kind(id));

    for (int index : dataset.pieces_of(Split::kTrain)) {
        TrainingPiece piece;
        for (int s : dataset.pieces()[static_cast<std::size_t>(index)].sequences) {
            const auto& info = dataset.sequences(Split::kTrain)[static_cast<std::size_t>(s)];
            const auto ids = dataset.ids(Split::kTrain, info);
            if (!ids.empty()) piece.versions.push_back(ids);
            if (!transpose) break;
        }
        if (!piece.versions.empty()) data.train.push_back(std::move(piece));
    }
    data.valid = whole_pieces(dataset, Split::kValid);
    data.test = whole_pieces(dataset, Split::kTest);
    if (data.train.empty())
        throw base::Error(base::ErrorKind::kInput, "got no training piece, expected at least one",
                          dataset.folder(), "prepare a larger folder of music");
    if (data.valid.empty())
        throw base::Error(base::ErrorKind::kInput,
                          "got no piece to validate on, expected at least one", dataset.folder(),
                          "prepare again with a larger share for valid");
    auto seen = ids_in(data.train, data.vocabulary_size);
    if (vary_tempo) {
        data.tempo_ladder = find_tempo_ladder(*tokenizer);
        add_neighbours(data.tempo_ladder, seen);
    }
    for (int id = 0; id < data.vocabulary_size; ++id)
        if (!seen[static_cast<std::size_t>(id)]) data.unseen.push_back(id);
    return data;
}

std::vector<std::vector<int>> valid_subset(const TrainingData& data, std::int64_t max_tokens) {
    std::vector<std::vector<int>> kept;
    for (const auto& ids : data.valid) {
        max_tokens -= static_cast<std::int64_t>(ids.size());
        if (max_tokens < 0 && !kept.empty()) break;
        kept.push_back(ids);
    }
    return kept;
}

std::vector<std::vector<int>> train_subset(const TrainingData& data, std::int64_t seed,
                                           std::int64_t max_tokens) {
    std::vector<std::size_t> order(data.train.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    base::Rng(static_cast<std::uint64_t>(seed), "train-subset").shuffle(std::span(order));
    std::vector<std::vector<int>> subset;
    std::int64_t tokens = 0;
    for (std::size_t piece : order) {
        if (tokens >= max_tokens) break;
        const auto& ids = data.train[piece].versions.front();
        subset.emplace_back(ids.begin(), ids.end());
        tokens += static_cast<std::int64_t>(ids.size());
    }
    return subset;
}

}  // namespace symphony::training
