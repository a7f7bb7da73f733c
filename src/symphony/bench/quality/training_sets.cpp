#include "symphony/bench/quality/training_sets.h"

#include "symphony/base/error.h"

#include <algorithm>
#include <array>
#include <limits>

namespace symphony::bench {
namespace {

using Ids = std::vector<std::uint16_t>;
using FramePiece = std::vector<tokens::Frame>;
constexpr std::size_t kMostFrames = std::numeric_limits<std::uint16_t>::max() + std::size_t{1};
constexpr int kDown = -5, kUp = 6;  // semitones: with none, the twelve keys

std::vector<int> sounding(const tokens::Frame& frame, int up) {
    std::vector<int> keys;
    for (int key = 0; key < tokens::kKeys; ++key)
        if (frame.test(static_cast<std::size_t>(key))) keys.push_back(key + up);
    return keys;
}

bool fits(const FramePiece& piece, int up) {
    return std::all_of(piece.begin(), piece.end(), [up](const tokens::Frame& frame) {
        const std::vector<int> keys = sounding(frame, up);
        return keys.empty() || (keys.front() >= 0 && keys.back() < tokens::kKeys);
    });
}

template <class Id>
std::vector<Id> ids_of(const FramePiece& piece, int up, models::KeySets& frames) {
    std::vector<Id> ids;
    for (const tokens::Frame& frame : piece)
        ids.push_back(static_cast<Id>(frames.add(sounding(frame, up))));
    return ids;
}

// The lowest and the highest pitch of each voice.
struct Compass {
    std::array<int, tokens::kChoraleVoices> low, high;

    explicit Compass(const std::vector<ChoralePiece>& pieces) {
        low.fill(score::kPitches);
        high.fill(tokens::kSilentVoice);
        for (const ChoralePiece& piece : pieces)
            for (const tokens::ChoraleStep& step : piece)
                for (std::size_t v = 0; v < step.size(); ++v) {
                    if (step[v] == tokens::kSilentVoice) continue;
                    low[v] = std::min(low[v], step[v]);
                    high[v] = std::max(high[v], step[v]);
                }
    }
    int lowest() const { return *std::min_element(low.begin(), low.end()); }
    int highest() const { return *std::max_element(high.begin(), high.end()); }
    // Is a piece of this compass inside `other`, `up` semitones higher?
    bool fits(const Compass& other, int up) const {
        for (std::size_t v = 0; v < low.size(); ++v)
            if (low[v] <= high[v] && (low[v] + up < other.low[v] || high[v] + up > other.high[v]))
                return false;
        return true;
    }
};

// The piece as the tokenizer takes it, and its tokens without the end.
std::vector<tokens::TokenId> tokens_of(const ChoralePiece& piece, int up,
                                       const tokens::ChoraleTokenizer& tokenizer) {
    score::Score score;
    score.ticks_per_quarter = tokenizer.steps_per_quarter();
    score.parts.resize(tokens::kChoraleVoices);
    for (std::size_t t = 0; t < piece.size(); ++t)
        for (std::size_t v = 0; v < tokens::kChoraleVoices; ++v)
            if (piece[t][v] != tokens::kSilentVoice)
                score.parts[v].notes.push_back(
                    {.onset = score::Ticks(static_cast<std::int64_t>(t)),
                     .duration = score::Ticks(1),
                     .pitch = static_cast<std::uint8_t>(piece[t][v] + up)});
    auto ids = tokenizer.encode(score).ids;
    ids.pop_back();
    return ids;
}

}  // namespace

std::unique_ptr<TrainingSet> frame_training_set(const tokens::FrameSet& set,
                                                const std::string& hash, bool transpose) {
    auto result = std::make_unique<TrainingSet>();
    result->frames = std::make_shared<models::KeySets>(tokens::kKeys);
    models::KeySets& frames = *result->frames;
    training::TrainingData& data = result->data;
    for (const FramePiece& piece : set.train) {
        training::TrainingPiece& versions = data.train.emplace_back();
        versions.versions.emplace_back(
            result->ids.emplace_back(ids_of<std::uint16_t>(piece, 0, frames)));
        for (int up = kDown; transpose && up <= kUp; ++up)
            if (up != 0 && fits(piece, up))
                versions.versions.emplace_back(
                    result->ids.emplace_back(ids_of<std::uint16_t>(piece, up, frames)));
    }
    for (const FramePiece& piece : set.valid) data.valid.push_back(ids_of<int>(piece, 0, frames));
    for (const FramePiece& piece : set.test) data.test.push_back(ids_of<int>(piece, 0, frames));
    if (static_cast<std::size_t>(frames.size()) > kMostFrames)
        throw base::Error(base::ErrorKind::kInput, "got " + std::to_string(frames.size()) +
                                                       " different frames, expected at most " +
                                                       std::to_string(kMostFrames));
    data.vocabulary_size = frames.size();
    data.end_token = models::KeySets::kBeginning;
    data.hash = hash;
    data.tokenizer_json = {{"scheme", "frames"}};
    data.kinds.assign(static_cast<std::size_t>(frames.size()), tokens::TokenKind::kPitch);
    return result;
}

std::unique_ptr<TrainingSet> chorale_training_set(const ChoraleSet& set, const std::string& hash,
                                                  bool transpose) {
    auto result = std::make_unique<TrainingSet>();
    training::TrainingData& data = result->data;
    const Compass compass(set.train);
    constexpr int kStepsPerQuarter = 4;
    const tokens::ChoraleTokenizer tokenizer(kStepsPerQuarter, compass.lowest(), compass.highest());
    const auto keep = [&](training::TrainingPiece& versions, const ChoralePiece& piece, int up) {
        const auto ids = tokens_of(piece, up, tokenizer);
        versions.versions.emplace_back(result->ids.emplace_back(ids.begin(), ids.end()));
    };
    for (const ChoralePiece& piece : set.train) {
        training::TrainingPiece& versions = data.train.emplace_back();
        keep(versions, piece, 0);
        const Compass own({piece});
        for (int up = -score::kPitches; transpose && up < score::kPitches; ++up)
            if (up != 0 && own.fits(compass, up)) keep(versions, piece, up);
    }
    for (const ChoralePiece& piece : set.valid)
        data.valid.push_back(tokens_of(piece, 0, tokenizer));
    for (const ChoralePiece& piece : set.test) data.test.push_back(tokens_of(piece, 0, tokenizer));
    data.vocabulary_size = tokenizer.vocabulary().size();
    data.end_token = tokenizer.end_token();
    data.hash = hash;
    data.tokenizer_json = tokenizer.to_json();
    for (int id = 0; id < data.vocabulary_size; ++id)
        data.kinds.push_back(tokenizer.vocabulary().kind(id));
    return result;
}

}  // namespace symphony::bench
