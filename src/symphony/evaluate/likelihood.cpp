#include "symphony/evaluate/likelihood.h"

#include "symphony/base/error.h"
#include "symphony/base/parallel.h"
#include "symphony/base/stop_signal.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <numbers>

namespace symphony::evaluate {

namespace {

constexpr int kGuesses = 5;

// -log2 of the probability that `logits` give to `id`; NaN if a logit is not a number.
double bits_of(std::span<const float> logits_V, int id) {
    const double highest = *std::max_element(logits_V.begin(), logits_V.end());
    double sum = 0;
    for (const float logit : logits_V) sum += std::exp(static_cast<double>(logit) - highest);
    const double log_p =
        static_cast<double>(logits_V[static_cast<std::size_t>(id)]) - highest - std::log(sum);
    return -log_p / std::numbers::ln2;
}

// How many ids are likelier than `id`; of equal logits the lower id comes first.
int rank_of(std::span<const float> logits_V, int id) {
    const float own = logits_V[static_cast<std::size_t>(id)];
    int rank = 0;
    for (int other = 0; other < static_cast<int>(logits_V.size()); ++other) {
        const float logit = logits_V[static_cast<std::size_t>(other)];
        if (logit > own || (logit == own && other < id)) ++rank;
    }
    return rank;
}

// The tokens of the piece where the grammar leaves a choice.
std::vector<bool> choices_of(const tokens::Tokenizer& tokenizer, const ScoredPiece& piece) {
    std::vector<bool> choices;
    choices.reserve(piece.ids.size());
    const auto grammar = tokenizer.grammar();
    std::vector<std::uint8_t> mask(static_cast<std::size_t>(tokenizer.vocabulary().size()));
    for (const int id : piece.ids) {
        if (id < 0 || id >= tokenizer.vocabulary().size() || grammar->ended())
            throw base::Error(base::ErrorKind::kInput,
                              "token " + std::to_string(choices.size()) +
                                  " does not belong to the vocabulary or follows the end",
                              piece.id);
        std::fill(mask.begin(), mask.end(), std::uint8_t{0});
        grammar->allowed(mask);
        if (!mask[static_cast<std::size_t>(id)])
            throw base::Error(base::ErrorKind::kInput,
                              "token " + std::to_string(choices.size()) + " (" +
                                  tokenizer.vocabulary().name(id) + ") breaks the grammar",
                              piece.id, "prepare the data again with this version");
        choices.push_back(std::count(mask.begin(), mask.end(), std::uint8_t{1}) > 1);
        grammar->step(id);
    }
    return choices;
}

PieceLikelihood score_piece(models::LanguageModel& model, const tokens::Tokenizer& tokenizer,
                            const ScoredPiece& piece) {
    PieceLikelihood result;
    result.id = piece.id;
    result.group = piece.group;
    result.notes = piece.notes;
    const std::vector<bool> choices = choices_of(tokenizer, piece);
    model.for_each_logits(piece.ids, [&](std::size_t t, std::span<const float> logits_V) {
        const int id = piece.ids[t];
        const tokens::TokenKind kind = tokenizer.vocabulary().kind(id);
        const double bits = bits_of(logits_V, id);
        if (!std::isfinite(bits))
            throw base::Error(base::ErrorKind::kDiverged,
                              "the model gives token " + std::to_string(t) +
                                  " no finite likelihood (NaN or zero probability)",
                              piece.id);
        result.bits[static_cast<std::size_t>(kind)] += bits;
        ++result.tokens[static_cast<std::size_t>(kind)];
        if (!choices[t]) return;
        const int rank = rank_of(logits_V, id);
        const Accuracy one{1, rank == 0, rank < kGuesses};
        result.all += one;
        if (kind == tokens::TokenKind::kPitch) result.pitch += one;
    });
    return result;
}

}  // namespace

Accuracy& Accuracy::operator+=(const Accuracy& other) {
    tokens += other.tokens;
    top1 += other.top1;
    top5 += other.top5;
    return *this;
}

double PieceLikelihood::total_bits() const {
    double sum = 0;
    for (const double b : bits) sum += b;
    return sum;
}

std::int64_t PieceLikelihood::total_tokens() const {
    std::int64_t sum = 0;
    for (const std::int64_t t : tokens) sum += t;
    return sum;
}

std::int64_t ModelLikelihood::notes() const {
    std::int64_t sum = 0;
    for (const PieceLikelihood& piece : pieces) sum += piece.notes;
    return sum;
}

std::int64_t ModelLikelihood::tokens() const {
    std::int64_t sum = 0;
    for (const PieceLikelihood& piece : pieces) sum += piece.total_tokens();
    return sum;
}

double ModelLikelihood::bits() const {
    double sum = 0;
    for (const PieceLikelihood& piece : pieces) sum += piece.total_bits();
    return sum;
}

double ModelLikelihood::bits_per_note() const {
    const std::int64_t n = notes();
    return n ? bits() / static_cast<double>(n) : 0;
}

double ModelLikelihood::bits_per_note(tokens::TokenKind kind) const {
    double sum = 0;
    for (const PieceLikelihood& piece : pieces) sum += piece.bits[static_cast<std::size_t>(kind)];
    const std::int64_t n = notes();
    return n ? sum / static_cast<double>(n) : 0;
}

double ModelLikelihood::nats_per_token() const {
    const std::int64_t n = tokens();
    return n ? bits() * std::numbers::ln2 / static_cast<double>(n) : 0;
}

Accuracy ModelLikelihood::accuracy() const {
    Accuracy sum;
    for (const PieceLikelihood& piece : pieces) sum += piece.all;
    return sum;
}

Accuracy ModelLikelihood::pitch_accuracy() const {
    Accuracy sum;
    for (const PieceLikelihood& piece : pieces) sum += piece.pitch;
    return sum;
}

ModelLikelihood score_pieces(
    const std::function<std::unique_ptr<models::LanguageModel>()>& make_model,
    const tokens::Tokenizer& tokenizer, std::span<const ScoredPiece> pieces, int threads,
    base::Progress& progress) {
    std::vector<std::unique_ptr<models::LanguageModel>> workers;
    workers.push_back(make_model());
    models::LanguageModel& model = *workers.front();
    ModelLikelihood result;
    result.family = model.family();
    result.parameters = model.parameter_count();
    result.context_length = model.context_length();
    result.vocabulary_size = model.vocabulary_size();
    result.scheme = tokenizer.scheme();
    result.steps_per_quarter = tokenizer.steps_per_quarter();
    if (model.vocabulary_size() != tokenizer.vocabulary().size())
        throw base::Error(base::ErrorKind::kModel,
                          "the model knows " + std::to_string(model.vocabulary_size()) +
                              " tokens, its tokenizer " +
                              std::to_string(tokenizer.vocabulary().size()));
    const std::size_t wanted = std::min<std::size_t>(
        static_cast<std::size_t>(threads > 0 ? threads : base::available_threads()), pieces.size());
    while (workers.size() < wanted) workers.push_back(make_model());
    result.pieces.resize(pieces.size());
    std::atomic<std::size_t> next{0};
    std::atomic<std::int64_t> done{0};
    base::parallel_for(workers.size(), static_cast<int>(workers.size()), [&](std::size_t w) {
        for (std::size_t i = next++; i < pieces.size(); i = next++) {
            base::throw_if_stop_requested();
            result.pieces[i] = score_piece(*workers[w], tokenizer, pieces[i]);
            progress.update(++done);
        }
    });
    for (const ScoredPiece& piece : pieces)
        for (const auto& [code, count] : piece.losses) result.losses[code] += count;
    return result;
}

}  // namespace symphony::evaluate
