#include "symphony/tokens/performance_tokenizer.h"

#include "symphony/tokens/performed_notes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <tuple>

namespace symphony::tokens {
namespace {

constexpr int kStepsPerQuarter = 50;  // of 10 ms at 120 quarters a minute
constexpr double kStepsPerSecond = 100;
constexpr int kPitches = score::kPitches, kLongestShift = 100, kVelocities = 32;
constexpr TokenId kOn = 0, kOff = kPitches, kShift = 2 * kPitches;
constexpr TokenId kVelocity = kShift + kLongestShift, kEnd = kVelocity + kVelocities;
static_assert(kEnd == 388);

// Class 0 is velocities 1 .. 4; decoding takes the lowest of a class, as the reference does.
int velocity_class(int velocity) { return (velocity - 1) / 4; }
int velocity_of_class(int index) { return 4 * index + 1; }

std::shared_ptr<const Vocabulary> make_vocabulary() {
    auto vocabulary = std::make_shared<Vocabulary>();
    for (int pitch = 0; pitch < kPitches; ++pitch)
        vocabulary->add("On_" + std::to_string(pitch), TokenKind::kPitch);
    for (int pitch = 0; pitch < kPitches; ++pitch)
        vocabulary->add("Off_" + std::to_string(pitch), TokenKind::kLength);
    for (int steps = 1; steps <= kLongestShift; ++steps)
        vocabulary->add("Shift_" + std::to_string(steps), TokenKind::kOnset);
    for (int v = 0; v < kVelocities; ++v)
        vocabulary->add("Velocity_" + std::to_string(velocity_of_class(v)), TokenKind::kDynamics);
    vocabulary->add("End", TokenKind::kOther);
    return vocabulary;
}

// The order of events that encoding writes: waits of a second before a shorter one, a velocity only
// before a note and only where it changes, an end no earlier than a step after its strike.
class PerformanceGrammar final : public UnbarredGrammar {
  public:
    PerformanceGrammar() : UnbarredGrammar(kStepsPerQuarter) {}

    bool legal(TokenId id) const {
        if (ended_ || id < 0 || id > kEnd) return false;
        const bool after_velocity = last_ >= kVelocity;
        if (id < kOff) return velocity_ >= 0;
        if (after_velocity) return false;
        if (id < kShift) {
            const auto& strikes = strikes_[static_cast<std::size_t>(id - kOff)];
            return !strikes.empty() && strikes.front() < position_;
        }
        const bool waiting = last_ >= kShift && last_ < kVelocity;
        if (id < kVelocity) return !waiting || last_ == kShift + kLongestShift - 1;
        if (id < kEnd) return id - kVelocity != velocity_;
        return sounding_ == 0 && !waiting;
    }

    void allowed(std::span<std::uint8_t> mask) const override {
        for (TokenId id = 0; id <= kEnd; ++id) mask[static_cast<std::size_t>(id)] = legal(id);
    }

    void step(TokenId id) override {
        begun_ = true;
        last_ = id;
        if (id < kOff) {
            strikes_[static_cast<std::size_t>(id)].push_back(position_);
            ++sounding_;
        } else if (id < kShift) {
            auto& strikes = strikes_[static_cast<std::size_t>(id - kOff)];
            strikes.erase(strikes.begin());
            --sounding_;
        } else if (id < kVelocity) {
            position_ += id - kShift + 1;
        } else if (id < kEnd) {
            velocity_ = id - kVelocity;
        } else {
            ended_ = true;
        }
        sounding_until_ = sounding_ > 0 ? position_ + 1 : position_;
    }

    std::unique_ptr<Grammar> clone() const override {
        return std::make_unique<PerformanceGrammar>(*this);
    }

  private:
    TokenId last_ = -1;
    int velocity_ = -1;  // class in force
    int sounding_ = 0;
    std::array<std::vector<std::int64_t>, kPitches> strikes_;  // that sound, first struck first
};

std::int64_t to_step(double seconds) {
    return static_cast<std::int64_t>(std::floor(seconds * kStepsPerSecond + 0.5));
}

}  // namespace

PerformanceTokenizer::PerformanceTokenizer() {
    static const std::shared_ptr<const Vocabulary> kShared = make_vocabulary();
    vocabulary_ = kShared;
}

int PerformanceTokenizer::steps_per_quarter() const { return kStepsPerQuarter; }
TokenId PerformanceTokenizer::end_token() const { return kEnd; }

Encoded PerformanceTokenizer::encode(const score::Score& score) const {
    Encoded encoded;
    encoded.source_notes = static_cast<std::int64_t>(score.note_count());
    const std::vector<PerformedNote> notes = performed_notes(score);
    struct Change {
        std::int64_t at;
        std::size_t note;
        bool is_end;
    };
    std::vector<Change> changes;
    for (std::size_t n = 0; n < notes.size(); ++n) {
        const std::int64_t onset = to_step(notes[n].onset);
        changes.push_back({onset, n, false});
        changes.push_back({std::max(onset + 1, to_step(notes[n].end)), n, true});
    }
    std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
        return std::tuple(a.at, a.note, a.is_end) < std::tuple(b.at, b.note, b.is_end);
    });
    const auto put = [&](TokenId id, TokenSource source) {
        encoded.ids.push_back(id);
        encoded.sources.push_back(source);
    };
    std::int64_t at = 0, drums = 0;
    int velocity = -1;
    for (const Change& change : changes) {
        const PerformedNote& note = notes[change.note];
        while (change.at > at) {
            const std::int64_t wait = std::min<std::int64_t>(change.at - at, kLongestShift);
            put(kShift + static_cast<TokenId>(wait) - 1, {});
            at += wait;
        }
        if (change.is_end) {
            put(kOff + note.pitch, {});
            continue;
        }
        if (velocity_class(note.velocity) != velocity) {
            velocity = velocity_class(note.velocity);
            put(kVelocity + velocity, note.source);
        }
        put(kOn + note.pitch, note.source);
    }
    put(kEnd, {});
    for (const score::Part& part : score.parts)
        if (part.is_drums) drums += static_cast<std::int64_t>(part.notes.size());
    if (drums > 0) encoded.losses["drums-dropped"] = drums;
    const std::int64_t merged =
        encoded.source_notes - drums - static_cast<std::int64_t>(notes.size());
    if (merged > 0) encoded.losses["unison-merged"] = merged;
    return encoded;
}

score::Score PerformanceTokenizer::decode(std::span<const TokenId> ids) const {
    score::Score score;
    score.ticks_per_quarter = kStepsPerQuarter;
    score.tempos.push_back({score::Ticks(0), score::kDefaultTempoBpm});
    score::Part piano;
    piano.name = "Piano";
    struct Strike {
        std::int64_t at;
        std::uint8_t velocity;
    };
    std::array<std::deque<Strike>, kPitches> open;
    std::uint8_t velocity = 64;
    const auto add = [&](int pitch, std::int64_t end) {
        const Strike strike = open[static_cast<std::size_t>(pitch)].front();
        open[static_cast<std::size_t>(pitch)].pop_front();
        if (end <= strike.at) return;
        piano.notes.push_back({.onset = score::Ticks(strike.at),
                               .duration = score::Ticks(end - strike.at),
                               .pitch = static_cast<std::uint8_t>(pitch),
                               .velocity = strike.velocity});
    };
    PerformanceGrammar grammar;
    for (const TokenId id : ids) {
        if (!grammar.legal(id)) continue;
        grammar.step(id);
        if (id < kOff)
            open[static_cast<std::size_t>(id)].push_back({grammar.position_steps(), velocity});
        else if (id < kShift)
            add(id - kOff, grammar.position_steps());
        else if (id >= kVelocity && id < kEnd)
            velocity = static_cast<std::uint8_t>(velocity_of_class(id - kVelocity));
    }
    // Cut off: what still sounds ends with the sequence.
    for (int pitch = 0; pitch < kPitches; ++pitch)
        while (!open[static_cast<std::size_t>(pitch)].empty()) add(pitch, grammar.position_steps());
    score.parts.push_back(std::move(piano));
    score::sort_events(score);
    return score;
}

std::unique_ptr<Grammar> PerformanceTokenizer::grammar() const {
    return std::make_unique<PerformanceGrammar>();
}

std::unique_ptr<Tokenizer> learn_performance_tokenizer(const TokenizerOptions&) {
    return std::make_unique<PerformanceTokenizer>();
}

std::unique_ptr<Tokenizer> performance_tokenizer_from_json(const base::Json& json,
                                                           const std::string& path) {
    check_tokenizer_json_head(json, path);
    return std::make_unique<PerformanceTokenizer>();
}

}  // namespace symphony::tokens
