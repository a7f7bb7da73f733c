#include "symphony/tokens/chorale_tokenizer.h"

#include "symphony/base/error.h"
#include "symphony/tokens/learners.h"

#include <algorithm>

namespace symphony::tokens {
namespace {

constexpr int kDefaultStepsPerQuarter = 4;
constexpr int kMostStepsPerQuarter = 96;
constexpr TokenId kRest = 0, kFirstPitch = 1;
constexpr std::array<const char*, kChoraleVoices> kVoiceNames{"Soprano", "Alto", "Tenor", "Bass"};
constexpr int kChoirAahs = 52;
constexpr int kVelocity = 80;

bool one_at_a_time(const score::Part& part) {
    for (std::size_t n = 1; n < part.notes.size(); ++n)
        if (part.notes[n].onset < part.notes[n - 1].end()) return false;
    return true;
}

bool is_voice(const score::Part& part) { return !part.is_drums && !part.notes.empty(); }

class ChoraleGrammar final : public UnbarredGrammar {
  public:
    ChoraleGrammar(int steps_per_quarter, TokenId end)
        : UnbarredGrammar(steps_per_quarter), end_(end) {}

    bool legal(TokenId id) const {
        return !ended_ && id >= 0 && (id < end_ || (id == end_ && voice_ == 0));
    }
    void allowed(std::span<std::uint8_t> mask) const override {
        std::fill(mask.begin(), mask.end(), std::uint8_t{!ended_});
        mask[static_cast<std::size_t>(end_)] = !ended_ && voice_ == 0;
    }
    void step(TokenId id) override {
        if (id == end_) {
            ended_ = true;
            return;
        }
        if (begun_ && voice_ == 0) ++position_;
        begun_ = true;
        if (id != kRest) sounding_until_ = position_ + 1;
        voice_ = (voice_ + 1) % kChoraleVoices;
    }
    std::unique_ptr<Grammar> clone() const override {
        return std::make_unique<ChoraleGrammar>(*this);
    }
    int voice() const { return voice_; }  // of the next token

  private:
    TokenId end_;
    int voice_ = 0;
};

}  // namespace

bool is_four_voiced(const score::Score& score) {
    int voices = 0;
    for (const score::Part& part : score.parts) {
        if (!is_voice(part)) continue;
        if (!one_at_a_time(part)) return false;
        ++voices;
    }
    return voices == kChoraleVoices;
}

ChoraleGrid chorale_grid(const score::Score& score, int steps_per_quarter) {
    ChoraleGrid grid;
    ChoraleStep silent;
    silent.fill(kSilentVoice);
    // The first step at or after a tick.
    const auto step_at = [&](score::Ticks at) {
        return static_cast<std::size_t>(
            (at.value * steps_per_quarter + score.ticks_per_quarter - 1) / score.ticks_per_quarter);
    };
    std::size_t voice = 0;
    for (std::size_t p = 0; p < score.parts.size(); ++p) {
        const score::Part& part = score.parts[p];
        if (part.notes.empty()) continue;
        const auto notes = static_cast<std::int64_t>(part.notes.size());
        if (!is_voice(part)) {
            grid.losses["drums-dropped"] += notes;
            continue;
        }
        if (voice == kChoraleVoices) {
            grid.losses["part-dropped"] += notes;
            continue;
        }
        std::int64_t dropped = 0, cut = 0;
        for (std::size_t n = 0; n < part.notes.size(); ++n) {
            const score::Note& note = part.notes[n];
            const std::size_t begin = step_at(note.onset), end = step_at(note.end());
            if (begin == end) {
                ++dropped;
                continue;
            }
            if (grid.steps.size() < end) {
                grid.steps.resize(end, silent);
                grid.sources.resize(end);
            }
            cut += grid.steps[begin][voice] != kSilentVoice;
            for (std::size_t s = begin; s < end; ++s) {
                grid.steps[s][voice] = note.pitch;
                grid.sources[s][voice] = {};
            }
            grid.sources[begin][voice] = {static_cast<int>(p), static_cast<int>(n)};
        }
        if (dropped > 0) grid.losses["note-dropped"] += dropped;
        if (cut > 0) grid.losses["overlap-cut"] += cut;
        ++voice;
    }
    return grid;
}

ChoraleTokenizer::ChoraleTokenizer(int steps_per_quarter, int lowest, int highest)
    : steps_per_quarter_(steps_per_quarter), lowest_(lowest), highest_(highest) {
    vocabulary_.add("Rest", TokenKind::kPitch);
    for (int pitch = lowest; pitch <= highest; ++pitch)
        vocabulary_.add("Pitch_" + std::to_string(pitch), TokenKind::kPitch);
    vocabulary_.add("End", TokenKind::kOther);
}

Encoded ChoraleTokenizer::encode(const score::Score& score) const {
    const ChoraleGrid grid = chorale_grid(score, steps_per_quarter_);
    Encoded encoded;
    encoded.losses = grid.losses;
    encoded.source_notes = static_cast<std::int64_t>(score.note_count());
    std::int64_t dropped = 0;
    for (std::size_t s = 0; s < grid.steps.size(); ++s) {
        for (std::size_t v = 0; v < kChoraleVoices; ++v) {
            const int pitch = grid.steps[s][v];
            const bool known = pitch >= lowest_ && pitch <= highest_;
            const TokenSource source = known ? grid.sources[s][v] : TokenSource{};
            dropped += !known && grid.sources[s][v].note >= 0;
            encoded.ids.push_back(known ? kFirstPitch + pitch - lowest_ : kRest);
            encoded.sources.push_back(source);
        }
    }
    encoded.ids.push_back(end_token());
    encoded.sources.emplace_back();
    if (dropped > 0) encoded.losses["pitch-dropped"] += dropped;
    return encoded;
}

score::Score ChoraleTokenizer::decode(std::span<const TokenId> ids) const {
    score::Score score;
    score.ticks_per_quarter = steps_per_quarter_;
    for (const char* name : kVoiceNames)
        score.parts.push_back({.name = name, .program = kChoirAahs});
    ChoraleGrammar grammar(steps_per_quarter_, end_token());
    for (const TokenId id : ids) {
        if (!grammar.legal(id)) continue;
        auto& notes = score.parts[static_cast<std::size_t>(grammar.voice())].notes;
        grammar.step(id);
        if (id == kRest || id == end_token()) continue;
        const score::Ticks at(grammar.position_steps());
        const auto pitch = static_cast<std::uint8_t>(lowest_ + id - kFirstPitch);
        if (!notes.empty() && notes.back().end() == at && notes.back().pitch == pitch)
            notes.back().duration += score::Ticks(1);
        else
            notes.push_back(
                {.onset = at, .duration = score::Ticks(1), .pitch = pitch, .velocity = kVelocity});
    }
    return score;
}

std::unique_ptr<Grammar> ChoraleTokenizer::grammar() const {
    return std::make_unique<ChoraleGrammar>(steps_per_quarter_, end_token());
}

base::Json ChoraleTokenizer::to_json() const {
    base::Json json = tokenizer_json_head(scheme());
    json["steps_per_quarter"] = steps_per_quarter_;
    json["pitches"] = {lowest_, highest_};
    return json;
}

namespace {

class ChoraleLearner final : public NoteCountingLearner {
  public:
    explicit ChoraleLearner(const TokenizerOptions& options)
        : steps_(options.steps_per_quarter == 0 ? kDefaultStepsPerQuarter
                                                : options.steps_per_quarter) {}

  private:
    void learn(const score::Score& score) override {
        four_voiced_ += is_four_voiced(score) ? 1 : 0;
        for (const ChoraleStep& step : chorale_grid(score, steps_).steps)
            for (const int pitch : step) {
                if (pitch == kSilentVoice) continue;
                lowest_ = std::min(lowest_, pitch);
                highest_ = std::max(highest_, pitch);
            }
    }
    void learn_from(const NoteCountingLearner& other) override {
        const auto& same = dynamic_cast<const ChoraleLearner&>(other);
        four_voiced_ += same.four_voiced_;
        lowest_ = std::min(lowest_, same.lowest_);
        highest_ = std::max(highest_, same.highest_);
    }
    std::unique_ptr<Tokenizer> learned() const override {
        if (four_voiced_ * 2 <= pieces())
            throw base::Error(base::ErrorKind::kInput,
                              "the scheme chorale is for four parts that each play one note at a "
                              "time, got " +
                                  std::to_string(four_voiced_) + " such pieces of " +
                                  std::to_string(pieces()),
                              {}, "take another scheme: remi holds any number of parts");
        if (lowest_ > highest_)
            throw base::Error(base::ErrorKind::kInput, "no note of the pieces lies on a grid of " +
                                                           std::to_string(steps_) +
                                                           " steps per quarter");
        return std::make_unique<ChoraleTokenizer>(steps_, lowest_, highest_);
    }

    int steps_;
    std::size_t four_voiced_ = 0;
    int lowest_ = score::kPitches - 1, highest_ = 0;
};

}  // namespace

std::unique_ptr<TokenizerLearner> chorale_learner(const TokenizerOptions& options) {
    return std::make_unique<ChoraleLearner>(options);
}

std::unique_ptr<Tokenizer> chorale_tokenizer_from_json(const base::Json& json,
                                                       const std::string& path) {
    check_tokenizer_json_head(json, path);
    try {
        const int steps = json.at("steps_per_quarter").get<int>();
        const int lowest = json.at("pitches").at(0).get<int>();
        const int highest = json.at("pitches").at(1).get<int>();
        if (steps >= 1 && steps <= kMostStepsPerQuarter && lowest >= 0 && lowest <= highest &&
            highest < score::kPitches)
            return std::make_unique<ChoraleTokenizer>(steps, lowest, highest);
        throw base::Error(base::ErrorKind::kModel,
                          "tokenizer.json is damaged: steps or pitches are out of range", path);
    } catch (const base::Json::exception& e) {
        throw base::Error(base::ErrorKind::kModel,
                          std::string("tokenizer.json is damaged: ") + e.what(), path);
    }
}

}  // namespace symphony::tokens
