#include "symphony/tokens/pretrained/aria_tokenizer.h"

#include "symphony/score/general_midi.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace symphony::tokens {
namespace {

using namespace aria;

constexpr int kStepsPerQuarter = 50;   // of 10 ms at 120 quarters a minute
constexpr int kTicksPerQuarter = 500;  // of 1 ms, for decoding
constexpr int kSegmentSteps = kSegment / kStep;
constexpr int kDrumVelocity = 64;
constexpr int kVelocities = 13;  // 0, 10, ..., 120

constexpr TokenId kStart = 0, kEnd = 1, kNextSegment = 5;
constexpr TokenId kInstrument = 6;
constexpr TokenId kNote = 39;
constexpr TokenId kDrum = kNote + kDrumInstrument * 128 * kVelocities;
constexpr TokenId kDuration = kDrum + kHighestDrum - kLowestDrum + 1;
constexpr TokenId kOnset = kDuration + kLongestDuration / kStep + 1;
constexpr TokenId kVocabularySize = kOnset + kSegmentSteps;
static_assert(kDrum == 16679 && kDuration == 16726 && kOnset == 17227 && kVocabularySize == 17727);

std::shared_ptr<const Vocabulary> make_vocabulary() {
    auto vocabulary = std::make_shared<Vocabulary>();
    for (const char* name : {"<S>", "<E>", "<P>", "<U>", "<D>", "<T>"})
        vocabulary->add(name,
                        std::string_view(name) == "<T>" ? TokenKind::kOnset : TokenKind::kOther);
    for (int i = 0; i < kInstruments; ++i)
        vocabulary->add(std::string("Instrument_") + instrument_name(i), TokenKind::kPart);
    // Twelve composers, eight forms and two genres: known to the published model, not to a file.
    for (TokenId id = kInstrument + kInstruments; id < kNote; ++id)
        vocabulary->add("Label_" + std::to_string(id), TokenKind::kOther);
    for (int i = 0; i < kDrumInstrument; ++i)
        for (int pitch = 0; pitch < 128; ++pitch)
            for (int v = 0; v < kVelocities; ++v)
                vocabulary->add(std::string(instrument_name(i)) + "_" + std::to_string(pitch) +
                                    "_" + std::to_string(v * kStep),
                                TokenKind::kPitch);
    for (int key = kLowestDrum; key <= kHighestDrum; ++key)
        vocabulary->add("drum_" + std::to_string(key), TokenKind::kPitch);
    for (int ms = 0; ms <= kLongestDuration; ms += kStep)
        vocabulary->add("Duration_" + std::to_string(ms), TokenKind::kLength);
    for (int ms = 0; ms < kSegment; ms += kStep)
        vocabulary->add("Onset_" + std::to_string(ms), TokenKind::kOnset);
    return vocabulary;
}

class AriaGrammar final : public UnbarredGrammar {
  public:
    AriaGrammar() : UnbarredGrammar(kStepsPerQuarter) {}

    bool legal(TokenId id) const {
        switch (stage_) {
            case Stage::kPrefix:
                return id == kStart || (id > last_instrument_ && id >= kInstrument &&
                                        id < kInstrument + kInstruments);
            case Stage::kSound:
                if (id == kEnd) return true;
                if (id == kNextSegment) return any_note_;
                if (id >= kDrum && id < kDuration) return declared_[kDrumInstrument];
                return id >= kNote && id < kDrum && (id - kNote) % kVelocities != 0 &&
                       declared_[static_cast<std::size_t>((id - kNote) / kVelocities / 128)];
            case Stage::kWhen:
                return id >= first_onset() &&
                       id < (any_note_ ? kVocabularySize : first_onset() + 1);
            case Stage::kHowLong:
                return id > kDuration && id < kOnset;
            case Stage::kEnded:
                return false;
        }
        return false;
    }

    // Asks only for ids that the stage may allow: sub-words ask for masks by the hundred.
    void allowed(std::span<std::uint8_t> mask) const override {
        std::fill(mask.begin(), mask.end(), std::uint8_t{0});
        const auto ask = [&](TokenId first, TokenId last) {
            for (TokenId id = first; id < last; ++id)
                mask[static_cast<std::size_t>(id)] = legal(id);
        };
        const auto all = static_cast<TokenId>(mask.size());
        if (stage_ == Stage::kPrefix) ask(0, all);
        if (stage_ == Stage::kWhen) ask(kOnset, all);
        if (stage_ == Stage::kHowLong) ask(kDuration, kOnset);
        if (stage_ != Stage::kSound) return;
        ask(0, kNote);
        ask(kDrum, kDuration);
        constexpr TokenId kOfInstrument = 128 * kVelocities;
        for (std::size_t i = 0; i < declared_.size(); ++i) {
            const TokenId first = kNote + static_cast<TokenId>(i) * kOfInstrument;
            if (declared_[i] && first < kDrum) ask(first, std::min(first + kOfInstrument, kDrum));
        }
    }

    void step(TokenId id) override {
        begun_ = true;
        switch (stage_) {
            case Stage::kPrefix:
                if (id == kStart) {
                    stage_ = Stage::kSound;
                } else {
                    declared_[static_cast<std::size_t>(id - kInstrument)] = true;
                    last_instrument_ = id;
                }
                break;
            case Stage::kSound:
                if (id == kEnd) {
                    stage_ = Stage::kEnded;
                    ended_ = true;
                } else if (id == kNextSegment) {
                    position_ = ++segment_ * kSegmentSteps;
                } else {
                    note_ = id;
                    stage_ = Stage::kWhen;
                }
                break;
            case Stage::kWhen:
                position_ = segment_ * kSegmentSteps + id - kOnset;
                any_note_ = true;
                stage_ = note_ >= kDrum ? Stage::kSound : Stage::kHowLong;
                break;
            case Stage::kHowLong:
                sounding_until_ = std::max(sounding_until_, position_ + id - kDuration);
                stage_ = Stage::kSound;
                break;
            case Stage::kEnded:
                break;
        }
    }

    std::unique_ptr<Grammar> clone() const override { return std::make_unique<AriaGrammar>(*this); }

    TokenId note() const { return note_; }  // the last one's id

  private:
    enum class Stage : std::uint8_t { kPrefix, kSound, kWhen, kHowLong, kEnded };

    // Time begins with the first note, and onsets do not fall inside a segment.
    TokenId first_onset() const {
        return kOnset + static_cast<TokenId>(position_ - segment_ * kSegmentSteps);
    }

    Stage stage_ = Stage::kPrefix;
    std::array<bool, kInstruments> declared_{};
    TokenId last_instrument_ = -1, note_ = -1;
    bool any_note_ = false;
    std::int64_t segment_ = 0;
};

}  // namespace

AriaTokenizer::AriaTokenizer(Timing timing) : timing_(timing) {
    static const std::shared_ptr<const Vocabulary> kShared = make_vocabulary();
    vocabulary_ = kShared;
}

std::string AriaTokenizer::scheme() const {
    return timing_ == Timing::kTrue ? "aria-seconds" : "aria";
}
int AriaTokenizer::steps_per_quarter() const { return kStepsPerQuarter; }
TokenId AriaTokenizer::end_token() const { return kEnd; }

Encoded AriaTokenizer::encode_messages(const score::MidiMessages& messages) const {
    const Notes notes = notes_of(messages, timing_);
    Encoded encoded;
    encoded.source_notes = notes.source_notes;
    const auto put = [&](TokenId id, TokenSource source = {}) {
        encoded.ids.push_back(id);
        encoded.sources.push_back(source);
    };
    std::set<int> instruments;
    for (const Note& note : notes.list) instruments.insert(note.instrument);
    for (const int instrument : instruments) put(kInstrument + instrument);
    put(kStart);
    std::int64_t segment_begin = 0, cut = 0;
    for (const Note& note : notes.list) {
        for (; note.onset_ms >= segment_begin + kSegment; segment_begin += kSegment)
            put(kNextSegment);
        const TokenId onset = kOnset + onset_bin(note.onset_ms - segment_begin) / kStep;
        if (note.instrument == kDrumInstrument) {
            put(kDrum + note.pitch - kLowestDrum, note.source);
            put(onset, note.source);
            continue;
        }
        put(kNote + (note.instrument * 128 + note.pitch) * kVelocities +
                velocity_bin(note.velocity) / kStep,
            note.source);
        put(onset, note.source);
        put(kDuration + duration_bin(note.duration_ms) / kStep, note.source);
        cut += note.duration_ms > kLongestDuration;
    }
    put(kEnd);
    if (notes.left_out > 0) encoded.losses["part-dropped"] = notes.left_out;
    if (notes.drums_left_out > 0) encoded.losses["drum-dropped"] = notes.drums_left_out;
    if (cut > 0) encoded.losses["length-cut"] = cut;
    return encoded;
}

score::Score AriaTokenizer::decode(std::span<const TokenId> ids) const {
    score::Score score;
    score.ticks_per_quarter = kTicksPerQuarter;
    score.tempos.push_back({score::Ticks(0), score::kDefaultTempoBpm});
    std::map<int, score::Part> parts;  // by instrument
    AriaGrammar grammar;
    for (const TokenId id : ids) {
        if (id < 0 || id >= vocabulary_->size() || !grammar.legal(id)) continue;
        grammar.step(id);
        const bool drum = grammar.note() >= kDrum;
        if (drum ? id < kOnset : id <= kDuration || id >= kOnset) continue;
        const int instrument =
            drum ? kDrumInstrument : (grammar.note() - kNote) / kVelocities / 128;
        const auto [place, is_new] = parts.try_emplace(instrument);
        score::Part& part = place->second;
        if (is_new) {
            part.is_drums = drum;
            part.program = static_cast<std::uint8_t>(first_program(instrument));
            part.name = drum ? "Drums" : std::string(score::program_name(part.program));
        }
        const int pitch = drum ? grammar.note() - kDrum + kLowestDrum
                               : (grammar.note() - kNote) / kVelocities % 128;
        const int velocity = drum ? kDrumVelocity : (grammar.note() - kNote) % kVelocities * kStep;
        part.notes.push_back(
            {.onset = score::Ticks(grammar.position_steps() * kStep),
             .duration = score::Ticks(std::int64_t{drum ? 1 : id - kDuration} * kStep),
             .pitch = static_cast<std::uint8_t>(pitch),
             .velocity = static_cast<std::uint8_t>(velocity)});
    }
    for (auto& [instrument, part] : parts) score.parts.push_back(std::move(part));
    score::sort_events(score);
    return score;
}

std::unique_ptr<Grammar> AriaTokenizer::grammar() const { return std::make_unique<AriaGrammar>(); }

std::unique_ptr<Tokenizer> learn_aria_tokenizer(const TokenizerOptions& options) {
    return std::make_unique<AriaTokenizer>(options.scheme == "aria" ? Timing::kCompatible
                                                                    : Timing::kTrue);
}

std::unique_ptr<Tokenizer> aria_tokenizer_from_json(const base::Json& json,
                                                    const std::string& path) {
    check_tokenizer_json_head(json, path);
    return std::make_unique<AriaTokenizer>(json.at("scheme") == "aria" ? Timing::kCompatible
                                                                       : Timing::kTrue);
}

}  // namespace symphony::tokens
