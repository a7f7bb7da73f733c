#include "symphony/tokens/miditok/decode.h"

#include "symphony/score/general_midi.h"
#include "symphony/tokens/miditok/word_clock.h"

#include <algorithm>
#include <deque>
#include <optional>
#include <tuple>

namespace symphony::tokens::miditok {
namespace {

using score::Ticks;

constexpr int kDefaultVelocity = 100;
constexpr std::uint8_t kSustain = 64;

// Where decoded events go.
class ScoreBuilder {
  public:
    ScoreBuilder(const Config& config, const Values& values) : config_(config) {
        score_.ticks_per_quarter = values.ticks_per_quarter;
    }

    // Each stream has parts of its own, where programs do not join them.
    void begin_stream(std::size_t index) { stream_ = index; }

    score::Part& part(int program) {
        const std::size_t stream = config_.one_token_stream_for_programs ? 0 : stream_;
        const auto [at, is_new] = parts_.try_emplace({stream, program}, score_.parts.size());
        if (is_new) {
            score::Part& made = score_.parts.emplace_back();
            made.is_drums = program == kDrumProgram;
            made.program = static_cast<std::uint8_t>(std::max(0, program));
            made.name = made.is_drums ? "Drums" : std::string(score::program_name(made.program));
        }
        return score_.parts[at->second];
    }

    void note(int program, std::int64_t time, std::int64_t duration, int pitch, int velocity) {
        if (pitch < 0 || pitch >= score::kPitches || duration <= 0 || time < 0) return;
        part(program).notes.push_back({.onset = Ticks(time),
                                       .duration = Ticks(duration),
                                       .pitch = static_cast<std::uint8_t>(pitch),
                                       .velocity = static_cast<std::uint8_t>(velocity)});
    }

    void pedal(int program, std::int64_t from, std::int64_t to) {
        auto& controls = part(program).controls;
        controls.push_back({Ticks(from), kSustain, 127});
        controls.push_back({Ticks(to), kSustain, 0});
    }

    void bend(int program, std::int64_t time, int value) {
        part(program).bends.push_back({Ticks(time), static_cast<std::int16_t>(value)});
    }

    void tempo(std::int64_t time, int hundredths) {
        if (stream_ != 0 || hundredths <= 0) return;
        auto& tempos = score_.tempos;
        const double quarters_per_minute = hundredths / 100.0;
        if (!tempos.empty() && tempos.back().onset == Ticks(time)) tempos.pop_back();
        if (tempos.empty() || tempos.back().quarters_per_minute != quarters_per_minute)
            tempos.push_back({Ticks(time), quarters_per_minute});
    }

    void meter(std::int64_t time, Meter meter) {
        if (stream_ != 0) return;
        const score::Meter value{static_cast<std::uint8_t>(meter.numerator),
                                 static_cast<std::uint8_t>(meter.denominator)};
        auto& meters = score_.meters;
        if (!meters.empty() && meters.back().onset == Ticks(time)) meters.pop_back();
        if (meters.empty() || meters.back().meter != value) meters.push_back({Ticks(time), value});
    }

    score::Score finish() {
        std::erase_if(score_.parts, [](const score::Part& part) {
            return part.notes.empty() && part.bends.empty() && part.controls.empty();
        });
        score::sort_events(score_);
        return std::move(score_);
    }

  private:
    const Config& config_;
    score::Score score_;
    std::size_t stream_ = 0;
    std::map<std::pair<std::size_t, int>, std::size_t> parts_;
};

class StreamDecoder {
  public:
    StreamDecoder(const Config& config, const Values& values, ScoreBuilder& builder)
        : config_(config), values_(values), builder_(builder), clock_(config, values) {}

    void decode(std::span<const Word> words) {
        for (const Word& word : words) step(word);
    }

  private:
    struct PendingNote {
        std::int64_t time = 0;
        int pitch = 60, program = 0;
        std::optional<int> velocity;
    };
    struct Pitches {
        int onset = -1000, chord = -1000;
    };

    bool uses_duration(int program) const { return config_.uses_duration(program); }
    std::int64_t default_duration() const {
        return std::max<std::int64_t>(
            1, static_cast<std::int64_t>(config_.default_note_duration *
                                         static_cast<double>(clock_.clock().beat)));
    }
    std::int64_t duration(int index) const {
        return values_.duration_ticks(config_.spelling() == Scheme::kPerTok
                                          ? values_.ticks_per_quarter
                                          : clock_.clock().beat)[static_cast<std::size_t>(index)];
    }

    void step(Word word) {
        switch (word.type) {
            case Type::kSpecial:
                if (config_.special_tokens[static_cast<std::size_t>(word.value)] == "Track_Start")
                    begin_track();
                return;
            case Type::kBar:
            case Type::kPosition:
            case Type::kTimeShift:
            case Type::kRest:
                clock_.step(word);
                return;
            case Type::kTimeSig:
                clock_.step(word);
                builder_.meter(
                    config_.spelling() == Scheme::kRemi ? clock_.bar_tick() : clock_.tick(),
                    meter_of(word.value));
                return;
            case Type::kTempo:
                builder_.tempo(clock_.tick(), word.value);
                clock_.occupy(clock_.tick());
                return;
            case Type::kProgram:
                program_ = word.value;
                clock_.occupy(clock_.tick());
                return;
            case Type::kPitchDrum:
            case Type::kDrumOn:
                strike(word.value, config_.use_programs ? program_ : kDrumProgram);
                return;
            case Type::kPitch:
            case Type::kNoteOn:
                strike(word.value, program_);
                return;
            case Type::kPitchIntervalTime:
                strike(pitches_[program_].onset + word.value, program_);
                return;
            case Type::kPitchIntervalChord:
                strike(pitches_[program_].chord + word.value, program_, /*in_chord=*/true);
                return;
            case Type::kMicroTiming:
                if (note_) note_->time += word.value;
                return;
            case Type::kVelocity:
                if (!note_) return;
                note_->velocity = word.value;
                if (config_.note_on_off() || !uses_duration(note_->program)) finish_note({});
                return;
            case Type::kDuration:
                if (note_)
                    finish_note(duration(word.value));
                else if (pedal_)
                    builder_.pedal(*pedal_, clock_.tick(), clock_.tick() + duration(word.value));
                pedal_.reset();
                return;
            case Type::kNoteOff:
                release(word.value, program_);
                return;
            case Type::kDrumOff:
                release(word.value, config_.use_programs ? program_ : kDrumProgram);
                return;
            case Type::kPedal:
                note_.reset();
                pedal_ = config_.use_programs ? word.value : program_;
                if (!config_.sustain_pedal_duration) pedals_.try_emplace(*pedal_, clock_.tick());
                clock_.occupy(clock_.tick());
                return;
            case Type::kPedalOff: {
                const int program = config_.use_programs ? word.value : program_;
                if (const auto down = pedals_.find(program); down != pedals_.end()) {
                    builder_.pedal(program, down->second, clock_.tick());
                    pedals_.erase(down);
                }
                clock_.occupy(clock_.tick());
                return;
            }
            case Type::kPitchBend:
                builder_.bend(program_, clock_.tick(), word.value);
                clock_.occupy(clock_.tick());
                return;
            case Type::kChord:
                clock_.occupy(clock_.tick());
                return;
            default:
                return;
        }
    }

    void begin_track() {
        builder_.begin_stream(track_++);
        clock_ = WordClock(config_, values_);
        program_ = 0;
        note_.reset();
        pedal_.reset();
        pitches_.clear();
        sounding_.clear();
        pedals_.clear();
    }

    void strike(int pitch, int program, bool in_chord = false) {
        note_.reset();
        pedal_.reset();
        if (pitch < 0 || pitch >= score::kPitches) return;
        Pitches& last = pitches_[program];
        last.chord = pitch;
        if (!in_chord) last.onset = pitch;
        note_ =
            PendingNote{.time = clock_.tick(), .pitch = pitch, .program = program, .velocity = {}};
        const bool complete =
            !config_.use_velocities && (config_.note_on_off() || !uses_duration(program));
        if (complete) finish_note({});
    }

    // All is known of the note but, with on and off, its end.
    void finish_note(std::optional<std::int64_t> length) {
        const PendingNote note = *note_;
        note_.reset();
        if (!length && !config_.note_on_off()) length = default_duration();
        if (!length && !uses_duration(note.program)) length = default_duration();
        if (!length) {
            sounding_[{note.program, note.pitch}].push_back(note);
            return;
        }
        builder_.note(note.program, note.time, *length, note.pitch,
                      note.velocity.value_or(kDefaultVelocity));
        clock_.occupy(note.time + *length);
    }

    void release(int pitch, int program) {
        auto& struck = sounding_[{program, pitch}];
        if (struck.empty()) return;
        const PendingNote note = struck.front();
        struck.pop_front();
        builder_.note(program, note.time, clock_.tick() - note.time, pitch,
                      note.velocity.value_or(kDefaultVelocity));
        clock_.occupy(clock_.tick());
    }

    const Config& config_;
    const Values& values_;
    ScoreBuilder& builder_;
    WordClock clock_;
    int program_ = 0;
    std::size_t track_ = 0;
    std::optional<PendingNote> note_;
    std::optional<int> pedal_;  // program of the pedal whose length comes next
    std::map<int, Pitches> pitches_;
    std::map<std::pair<int, int>, std::deque<PendingNote>> sounding_;
    std::map<int, std::int64_t> pedals_;
};

class RowDecoder {
  public:
    RowDecoder(const Config& config, const Values& values, ScoreBuilder& builder)
        : config_(config), values_(values), builder_(builder), clock_(config, values) {}

    void decode(std::span<const Word> words) {
        std::size_t begin = 0;
        for (std::size_t i = 1; i <= words.size(); ++i)
            if (i == words.size() || begins_row(words[i])) {
                row(words.subspan(begin, i - begin));
                begin = i;
            }
    }

  private:
    // Words of the first column, which no other column has.
    bool begins_row(Word word) const {
        switch (word.type) {
            case Type::kFamily:
                return true;
            case Type::kPitch:
            case Type::kPitchDrum:
                return config_.scheme != Scheme::kCpWord;
            case Type::kBar:
            case Type::kPosition:
            case Type::kProgram:
            case Type::kChord:
                return config_.scheme == Scheme::kMuMidi;
            default:
                return false;
        }
    }

    static std::optional<int> value(std::span<const Word> row, Type type) {
        for (const Word& word : row)
            if (word.type == type) return word.value;
        return std::nullopt;
    }

    void row(std::span<const Word> row) {
        if (config_.scheme == Scheme::kOctuple) return octuple(row);
        for (const Type type : {Type::kBar, Type::kRest}) {
            if (const auto v = value(row, type)) clock_.step({type, *v});
        }
        if (const auto meter = value(row, Type::kTimeSig)) {
            clock_.step({Type::kTimeSig, *meter});
            builder_.meter(clock_.bar_tick(), meter_of(*meter));
        }
        if (const auto position = value(row, Type::kPosition))
            clock_.step({Type::kPosition, *position});
        if (const auto tempo = value(row, Type::kTempo)) builder_.tempo(clock_.tick(), *tempo);
        clock_.occupy(clock_.tick());
        if (const auto program = value(row, Type::kProgram)) program_ = *program;
        note(row);
    }

    void octuple(std::span<const Word> row) {
        const auto bar = value(row, Type::kBar), position = value(row, Type::kPosition);
        if (!bar || !position) return;
        const auto meter = value(row, Type::kTimeSig);
        clock_.jump(*bar, *position);
        if (meter && meter_of(*meter) != clock_.clock().meter) {
            clock_.step({Type::kTimeSig, *meter});
            builder_.meter(clock_.bar_tick(), meter_of(*meter));
            clock_.jump(*bar, *position);
        }
        if (const auto tempo = value(row, Type::kTempo)) builder_.tempo(clock_.tick(), *tempo);
        if (const auto program = value(row, Type::kProgram)) program_ = *program;
        note(row);
    }

    void note(std::span<const Word> row) {
        auto pitch = value(row, Type::kPitch);
        const auto drum = value(row, Type::kPitchDrum);
        if (drum) pitch = drum;
        const auto velocity = value(row, Type::kVelocity);
        const auto length = value(row, Type::kDuration);
        if (!pitch || (config_.use_velocities && !velocity) ||
            (config_.uses_durations() && !length))
            return;
        const std::int64_t beat = clock_.clock().beat;
        const std::int64_t ticks =
            length ? values_.duration_ticks(beat)[static_cast<std::size_t>(*length)]
                   : std::max<std::int64_t>(
                         1, static_cast<std::int64_t>(config_.default_note_duration *
                                                      static_cast<double>(beat)));
        const int program = drum && !config_.use_programs ? kDrumProgram : program_;
        builder_.note(program, clock_.tick(), ticks, *pitch, velocity.value_or(kDefaultVelocity));
        clock_.occupy(clock_.tick() + ticks);
    }

    const Config& config_;
    const Values& values_;
    ScoreBuilder& builder_;
    WordClock clock_;
    int program_ = 0;
};

}  // namespace

score::Score decode_streams(std::span<const std::vector<Word>> streams, const Config& config,
                            const Values& values) {
    ScoreBuilder builder(config, values);
    for (std::size_t s = 0; s < streams.size(); ++s) {
        builder.begin_stream(s);
        if (config.has_rows())
            RowDecoder(config, values, builder).decode(streams[s]);
        else
            StreamDecoder(config, values, builder).decode(streams[s]);
    }
    return builder.finish();
}

}  // namespace symphony::tokens::miditok
