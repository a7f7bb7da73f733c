#include "symphony/tokens/pretrained/skytnt_tokenizer.h"

#include "symphony/score/general_midi.h"

#include <algorithm>
#include <map>

namespace symphony::tokens {
namespace {

using namespace skytnt;
using score::Ticks;

constexpr int kStepsPerQuarter = 16;
constexpr int kTicksPerQuarter = 480;
constexpr int kTicksPerStep = kTicksPerQuarter / kStepsPerQuarter;

// One event after the other, each its kind and its parameters in their order.
class SkytntGrammar final : public UnbarredGrammar {
  public:
    explicit SkytntGrammar(int version)
        : UnbarredGrammar(kStepsPerQuarter), layout_(&layout(version)) {}

    bool legal(TokenId id) const {
        if (ended_) return false;
        if (event_ < 0) return id == kEnd || layout_->is_event(id);
        return layout_->span(parameter()).has(id);
    }

    void allowed(std::span<std::uint8_t> mask) const override {
        std::fill(mask.begin(), mask.end(), std::uint8_t{0});
        if (ended_) return;
        if (event_ < 0) {
            mask[kEnd] = 1;
            for (int kind = 0; kind < layout_->event_kinds(); ++kind)
                mask[static_cast<std::size_t>(layout_->id_of(static_cast<EventKind>(kind)))] = 1;
            return;
        }
        const IdSpan span = layout_->span(parameter());
        allow(mask, span.first, span.first + span.count - 1);
    }

    void step(TokenId id) override {
        begun_ = true;
        complete_ = false;
        if (id == kEnd) {
            ended_ = true;
            return;
        }
        if (event_ < 0) {
            event_ = id;
            values_.clear();
            return;
        }
        const Parameter taken = parameter();
        const int value = id - layout_->span(taken).first;
        values_.push_back(value);
        if (taken == Parameter::kTime1) time1_ += value;
        if (taken == Parameter::kTime2) position_ = std::int64_t{time1_} * kStepsPerQuarter + value;
        if (taken == Parameter::kDuration)
            sounding_until_ = std::max(sounding_until_, position_ + value);
        if (values_.size() < layout_->parameters(kind()).size()) return;
        finished_ = kind();
        event_ = -1;
        complete_ = true;
    }

    std::unique_ptr<Grammar> clone() const override {
        return std::make_unique<SkytntGrammar>(*this);
    }

    // Did the last token complete an event? Which, and the value of one of its parameters.
    bool complete() const { return complete_; }
    EventKind finished() const { return finished_; }
    int value(Parameter wanted) const {
        const auto& all = layout_->parameters(finished_);
        return values_[static_cast<std::size_t>(std::find(all.begin(), all.end(), wanted) -
                                                all.begin())];
    }

  private:
    EventKind kind() const { return layout_->kind_of(event_); }
    Parameter parameter() const { return layout_->parameters(kind())[values_.size()]; }

    const Layout* layout_;
    TokenId event_ = -1;  // begun and not complete
    std::vector<int> values_;
    EventKind finished_ = EventKind::kNote;
    bool complete_ = false;
    std::int64_t time1_ = 0;
};

// The events of a sequence as a score: one part for each channel of each track.
class Decoder {
  public:
    explicit Decoder(int version) : grammar_(version) {
        score_.ticks_per_quarter = kTicksPerQuarter;
    }

    score::Score decode(std::span<const TokenId> ids) {
        for (const TokenId id : ids) {
            if (!grammar_.legal(id)) continue;
            grammar_.step(id);
            if (grammar_.complete()) take();
        }
        for (auto& [place, part] : parts_) {
            finish(part);
            if (part.notes.empty() && part.controls.empty()) continue;
            if (part.name.empty())
                part.name =
                    part.is_drums ? "Drums" : std::string(score::program_name(part.program));
            score_.parts.push_back(std::move(part));
        }
        score::sort_events(score_);
        return std::move(score_);
    }

  private:
    score::Part& part() {
        const int channel = grammar_.value(Parameter::kChannel);
        const auto [place, is_new] =
            parts_.try_emplace({grammar_.value(Parameter::kTrack), channel});
        if (is_new) {
            place->second.channel = static_cast<std::uint8_t>(channel);
            place->second.is_drums = channel == score::kMidiDrumChannel;
        }
        return place->second;
    }

    void take() {
        const Ticks at(grammar_.position_steps() * kTicksPerStep);
        const auto byte = [&](Parameter parameter) {
            return static_cast<std::uint8_t>(grammar_.value(parameter));
        };
        switch (grammar_.finished()) {
            case EventKind::kNote:
                part().notes.push_back(
                    {.onset = at,
                     .duration =
                         Ticks(std::int64_t{grammar_.value(Parameter::kDuration)} * kTicksPerStep),
                     .pitch = byte(Parameter::kPitch),
                     .velocity = std::max<std::uint8_t>(1, byte(Parameter::kVelocity))});
                return;
            case EventKind::kPatch:
                part().programs.push_back({at, byte(Parameter::kPatch), 0});
                return;
            case EventKind::kControl:
                part().controls.push_back(
                    {at, byte(Parameter::kController), byte(Parameter::kValue)});
                return;
            case EventKind::kTempo: {
                // Whole microseconds, as a file would hold it.
                const int bpm = std::max(1, grammar_.value(Parameter::kBpm));
                const auto microseconds = static_cast<int>(60.0 / bpm * 1e6);
                score_.tempos.push_back({at, 60e6 / microseconds});
                return;
            }
            case EventKind::kMeter:
                score_.meters.push_back(
                    {at,
                     {static_cast<std::uint8_t>(grammar_.value(Parameter::kNumerator) + 1),
                      static_cast<std::uint8_t>(2 << grammar_.value(Parameter::kDenominator))}});
                return;
            case EventKind::kKey: {
                const score::Key key{
                    static_cast<std::int8_t>(grammar_.value(Parameter::kSharps) - 7),
                    grammar_.value(Parameter::kMinor) == 1};
                // Copies on other tracks say it again; drums always say C.
                if (score_.keys.empty() || score_.keys.back().onset != at)
                    score_.keys.push_back({at, key});
                return;
            }
        }
    }

    // Cuts notes whose pitch is struck again, drops those of no length, takes the first program.
    static void finish(score::Part& part) {
        std::stable_sort(
            part.notes.begin(), part.notes.end(),
            [](const score::Note& a, const score::Note& b) { return a.onset < b.onset; });
        std::map<int, score::Note*> last;
        for (score::Note& note : part.notes) {
            score::Note*& before = last[note.pitch];
            if (before) before->duration = std::min(before->duration, note.onset - before->onset);
            before = &note;
        }
        std::erase_if(part.notes, [](const score::Note& note) { return note.duration.value <= 0; });
        std::stable_sort(part.programs.begin(), part.programs.end(),
                         [](const score::ProgramChange& a, const score::ProgramChange& b) {
                             return a.onset < b.onset;
                         });
        const Ticks first = part.notes.empty() ? Ticks(0) : part.notes.front().onset;
        while (!part.programs.empty() && part.programs.front().onset <= first) {
            part.program = part.programs.front().program;
            part.programs.erase(part.programs.begin());
        }
    }

    SkytntGrammar grammar_;
    score::Score score_;
    std::map<std::pair<int, int>, score::Part> parts_;  // track, channel
};

}  // namespace

std::string SkytntTokenizer::scheme() const {
    return "skytnt-v" + std::to_string(options_.version) + (options_.optimise ? "o" : "");
}

int SkytntTokenizer::steps_per_quarter() const { return kStepsPerQuarter; }

Encoded SkytntTokenizer::encode_messages(const score::MidiMessages& messages) const {
    const Events events = events_of(messages, options_);
    const Written stream = written(events, options_);
    Encoded encoded;
    std::int64_t notes = 0;
    for (const score::MidiTrack& track : messages.tracks)
        for (const score::MidiMessage& message : track.messages)
            encoded.source_notes += message.kind == score::MessageKind::kNoteOn;
    for (const Event& event : events.list) notes += event.kind == EventKind::kNote;
    for (std::size_t i = 0; i < stream.rows.size(); ++i) {
        const std::vector<TokenId>& row = stream.rows[i];
        encoded.ids.insert(encoded.ids.end(), row.begin(), row.end());
        encoded.sources.insert(encoded.sources.end(), row.size(), stream.sources[i]);
    }
    encoded.ids.push_back(kEnd);
    encoded.sources.emplace_back();
    // Struck again within a sixteenth of a quarter, or on the same pitch at the same time.
    if (encoded.source_notes > notes)
        encoded.losses["unison-merged"] = encoded.source_notes - notes;
    // After a rest of more than 127 quarters, or longer than there are ids for.
    if (stream.unwritten_notes > 0) encoded.losses["note-dropped"] = stream.unwritten_notes;
    return encoded;
}

std::vector<Row> SkytntTokenizer::rows_of(const score::MidiMessages& messages) const {
    return padded_rows(written(events_of(messages, options_), options_));
}

score::Score SkytntTokenizer::decode(std::span<const TokenId> ids) const {
    return Decoder(options_.version).decode(ids);
}

std::unique_ptr<Grammar> SkytntTokenizer::grammar() const {
    return std::make_unique<SkytntGrammar>(options_.version);
}

skytnt::Options skytnt_options(const std::string& scheme) {
    return {.version = scheme.find("v1") != std::string::npos ? 1 : 2,
            .optimise = scheme.ends_with("o")};
}

std::unique_ptr<Tokenizer> learn_skytnt_tokenizer(const TokenizerOptions& options) {
    return std::make_unique<SkytntTokenizer>(skytnt_options(options.scheme));
}

std::unique_ptr<Tokenizer> skytnt_tokenizer_from_json(const base::Json& json,
                                                      const std::string& path) {
    check_tokenizer_json_head(json, path);
    return std::make_unique<SkytntTokenizer>(skytnt_options(json.at("scheme").get<std::string>()));
}

}  // namespace symphony::tokens
