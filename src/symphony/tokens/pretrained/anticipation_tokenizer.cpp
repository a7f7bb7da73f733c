#include "symphony/tokens/pretrained/anticipation_tokenizer.h"

#include "symphony/score/general_midi.h"
#include "symphony/tokens/pretrained/anticipation_events.h"

#include <algorithm>
#include <map>

namespace symphony::tokens {
namespace {

using namespace anticipation;

constexpr int kStepsPerQuarter = 50;  // of 10 ms at 120 quarters a minute
constexpr int kDecodedVelocity = 72;  // as the reference decodes

std::shared_ptr<const Vocabulary> make_vocabulary() {
    auto vocabulary = std::make_shared<Vocabulary>();
    for (const char* prefix : {"", "Control_"}) {
        const std::string begin = prefix;
        for (int t = 0; t < kMaxTime; ++t)
            vocabulary->add(begin + "Time_" + std::to_string(t), TokenKind::kOnset);
        for (int d = 0; d < kMaxDuration; ++d)
            vocabulary->add(begin + "Duration_" + std::to_string(d), TokenKind::kLength);
        for (int instrument = 0; instrument < kInstruments; ++instrument)
            for (int pitch = 0; pitch < 128; ++pitch)
                vocabulary->add(
                    begin +
                        (instrument == kDrums ? "Drums" : "Program" + std::to_string(instrument)) +
                        "_" + std::to_string(pitch),
                    TokenKind::kPitch);
        // The last id of the events is the rest; the controls have none.
        if (begin.empty()) vocabulary->add("Rest", TokenKind::kOnset);
    }
    vocabulary->add("Separator", TokenKind::kOther);
    vocabulary->add("Autoregress", TokenKind::kOther);
    vocabulary->add("Anticipate", TokenKind::kOther);
    return vocabulary;
}

class AnticipationGrammar final : public UnbarredGrammar {
  public:
    AnticipationGrammar() : UnbarredGrammar(kStepsPerQuarter) {}

    void allowed(std::span<std::uint8_t> mask) const override {
        std::fill(mask.begin(), mask.end(), std::uint8_t{0});
        if (ended_) return;
        switch (slot_) {
            case 0:
                for (std::int64_t wait = 0; wait <= kRestEvery; ++wait)
                    mask[static_cast<std::size_t>(kTime + (position_ + wait) % kMaxTime)] = 1;
                mask[kSeparator] = 1;
                break;
            case 1:
                allow(mask, kDuration, kDuration + kMaxDuration - 1);
                break;
            default:
                allow(mask, kNote, kNote + kNotes - 1);
                // A rest stands where a whole second passes.
                mask[kRest] = duration_ == 0 && waited_ == kRestEvery;
        }
    }

    bool legal(TokenId id) const {
        if (ended_) return false;
        if (slot_ == 0) {
            if (id == kSeparator) return true;
            return id >= kTime && id < kTime + kMaxTime && wait_until(id) <= kRestEvery;
        }
        if (slot_ == 1) return id >= kDuration && id < kDuration + kMaxDuration;
        return (id >= kNote && id < kNote + kNotes) ||
               (id == kRest && duration_ == 0 && waited_ == kRestEvery);
    }

    void step(TokenId id) override {
        begun_ = true;
        if (id == kSeparator) {
            ended_ = true;
            return;
        }
        if (slot_ == 0) {
            waited_ = wait_until(id);
            position_ += waited_;
        } else if (slot_ == 1) {
            duration_ = id - kDuration;
        } else {
            sounding_until_ = std::max(sounding_until_, position_ + duration_);
        }
        slot_ = (slot_ + 1) % 3;
    }

    std::unique_ptr<Grammar> clone() const override {
        return std::make_unique<AnticipationGrammar>(*this);
    }

    int slot() const { return slot_; }
    int duration() const { return duration_; }

  private:
    std::int64_t wait_until(TokenId time) const {
        return (time - kTime - position_ % kMaxTime + kMaxTime) % kMaxTime;
    }

    int slot_ = 0;  // 0 time, 1 duration, 2 note
    int duration_ = 0;
    std::int64_t waited_ = 0;
};

}  // namespace

AnticipationTokenizer::AnticipationTokenizer() {
    static const std::shared_ptr<const Vocabulary> kShared = make_vocabulary();
    vocabulary_ = kShared;
}

int AnticipationTokenizer::steps_per_quarter() const { return kStepsPerQuarter; }
TokenId AnticipationTokenizer::end_token() const { return kSeparator; }

Encoded AnticipationTokenizer::encode_messages(const score::MidiMessages& messages) const {
    Encoded encoded;
    const std::vector<CompoundNote> notes = compound_of(messages);
    encoded.source_notes = static_cast<std::int64_t>(notes.size());
    std::int64_t cut = 0;
    for (const Event& event : padded(events_of(notes, &cut))) {
        encoded.ids.push_back(static_cast<TokenId>(kTime + event.time % kMaxTime));
        encoded.ids.push_back(kDuration + event.duration);
        encoded.ids.push_back(kNote + event.note);
        encoded.sources.insert(encoded.sources.end(), 3, event.source);
    }
    encoded.ids.push_back(kSeparator);
    encoded.sources.emplace_back();
    if (cut > 0) encoded.losses["length-cut"] = cut;
    return encoded;
}

score::Score AnticipationTokenizer::decode(std::span<const TokenId> ids) const {
    score::Score score;
    score.ticks_per_quarter = kStepsPerQuarter;
    score.tempos.push_back({score::Ticks(0), score::kDefaultTempoBpm});
    std::map<int, score::Part> parts;  // by instrument
    AnticipationGrammar grammar;
    for (const TokenId id : ids) {
        if (!grammar.legal(id)) continue;
        if (grammar.slot() == 2 && id != kRest) {
            const int instrument = (id - kNote) / 128;
            const auto [place, is_new] = parts.try_emplace(instrument);
            score::Part& part = place->second;
            if (is_new) {
                part.is_drums = instrument == kDrums;
                part.program = static_cast<std::uint8_t>(part.is_drums ? 0 : instrument);
                part.name = part.is_drums ? "Drums" : std::string(score::program_name(instrument));
            }
            part.notes.push_back({.onset = score::Ticks(grammar.position_steps()),
                                  .duration = score::Ticks(std::max(1, grammar.duration())),
                                  .pitch = static_cast<std::uint8_t>((id - kNote) % 128),
                                  .velocity = kDecodedVelocity});
        }
        grammar.step(id);
    }
    for (auto& [instrument, part] : parts) score.parts.push_back(std::move(part));
    score::sort_events(score);
    return score;
}

std::unique_ptr<Grammar> AnticipationTokenizer::grammar() const {
    return std::make_unique<AnticipationGrammar>();
}

base::Json AnticipationTokenizer::to_json() const { return tokenizer_json_head(scheme()); }

std::unique_ptr<Tokenizer> learn_anticipation_tokenizer(const TokenizerOptions&) {
    return std::make_unique<AnticipationTokenizer>();
}

std::unique_ptr<Tokenizer> anticipation_tokenizer_from_json(const base::Json& json,
                                                            const std::string& path) {
    check_tokenizer_json_head(json, path);
    return std::make_unique<AnticipationTokenizer>();
}

}  // namespace symphony::tokens
