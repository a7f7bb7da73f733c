#include "symphony/tokens/layout.h"

#include <algorithm>
#include <cmath>

namespace symphony::tokens {
namespace {

// Semitones beyond the pitches seen, so that new music seldom loses a note.
constexpr int kPitchRoom = 4;
// Up to so many different velocities each keep a token of their own; of more, one of eight.
constexpr std::size_t kMaxExactVelocities = 16;
constexpr int kVelocityClassWidth = 8;
constexpr int kVelocities = 128;
// Room for tempo augmentation, in classes (up to about 19 % slower or faster).
constexpr int kTempoRoom = 3;
// Tempos beyond these count as these; below, two classes would round to one tempo.
constexpr double kSlowest = 20, kFastest = 480;
constexpr std::size_t kMaxLengths = 128;
constexpr int kKeys = 30;  // -7 .. 7 sharps, major and minor

template <class T>
std::vector<std::string> names_of(const char* prefix, const std::vector<T>& values) {
    std::vector<std::string> names;
    for (const T& value : values) names.push_back(prefix + std::to_string(value));
    return names;
}

std::string meter_name(score::Meter meter) {
    return std::to_string(meter.numerator) + "/" + std::to_string(meter.denominator);
}

std::vector<score::Chord> all_chords() {
    std::vector<score::Chord> chords(1);
    for (int q = 1; q < score::kChordQualities; ++q)
        for (int root = 0; root < 12; ++root)
            chords.push_back(
                {static_cast<std::uint8_t>(root), static_cast<score::ChordQuality>(q)});
    return chords;
}

// Each velocity its own class if they are few; else the commonest one of every eight in a row, or
// of each of `bins` equal stretches of 0..127.
std::vector<int> velocity_classes(const std::map<int, std::int64_t>& counts, int bins) {
    const int width = counts.size() > kMaxExactVelocities ? kVelocityClassWidth : 1;
    std::map<int, int> commonest;  // by class
    for (const auto& [velocity, count] : counts) {
        const int index = bins > 0 ? velocity * bins / kVelocities : velocity / width;
        int& best = commonest.emplace(index, velocity).first->second;
        if (count > counts.at(best)) best = velocity;
    }
    std::vector<int> classes;
    for (const auto& [index, velocity] : commonest) classes.push_back(velocity);
    return classes;
}

// "Volume_96", "Pedal_down".
std::string control_name(std::pair<int, int> control) {
    const auto [controller, value] = control;
    constexpr int kSustain = 64;
    if (controller == kSustain) return value > 0 ? "Pedal_down" : "Pedal_up";
    const char* name = controller == 7 ? "Volume_" : controller == 10 ? "Pan_" : "Expression_";
    return name + std::to_string(value);
}

}  // namespace

int tempo_class(double quarters_per_minute) {
    return static_cast<int>(
        std::lround(12 * std::log2(std::clamp(quarters_per_minute, kSlowest, kFastest) / 60)));
}

double tempo_of_class(int tempo_class) { return std::round(60 * std::exp2(tempo_class / 12.0)); }

Layout::Layout(LayoutValues values) : values_(std::move(values)) {
    const auto unless_single = [](std::vector<std::string> names) {
        return names.size() > 1 ? names : std::vector<std::string>{};
    };
    std::vector<std::string> bars, keys, meters, tempos, laters, chords, parts, roles, pitches,
        controls, micro_timings;
    for (int left = 0; left <= kMaxBarsLeft; ++left) bars.push_back("Bar_" + std::to_string(left));
    bars.push_back("Bar_more");
    for (std::size_t i = 0; i < kKeys; ++i) keys.push_back("Key_" + key_at(i).name());
    for (const score::Meter meter : values_.meters) meters.push_back("Meter_" + meter_name(meter));
    for (const int tempo : values_.tempos)
        tempos.push_back("Tempo_" + std::to_string(static_cast<int>(tempo_of_class(tempo))));
    for (int i = 0; i < kLaterTokens; ++i) laters.push_back("Later_" + std::to_string(1 << i));
    if (values_.has_chords)
        for (const score::Chord chord : all_chords()) chords.push_back("Chord_" + chord.name());
    for (const PartClass& part : values_.parts) parts.push_back(part.token());
    for (const score::Role role : values_.roles)
        roles.push_back("Role_" + std::string(score::role_name(role)));
    for (int p = values_.lowest_pitch; p <= values_.highest_pitch; ++p)
        pitches.push_back("Pitch_" + std::to_string(p));

    for (const auto& control : values_.controls) controls.push_back(control_name(control));
    const int early = (values_.micro_timing_bins - 1) / 2;
    for (int m = -early; m <= early && values_.micro_timing_bins > 0; ++m)
        micro_timings.push_back("MicroTiming_" + std::to_string(m));

    std::vector<std::string> given;
    for (int ahead = 0; ahead <= kMaxGivenAhead && values_.has_given; ++ahead)
        given.push_back("Given_" + std::to_string(ahead));

    add(Kind::kEnd, TokenKind::kOther, {"End"});
    if (values_.has_phrases) add(Kind::kPhrase, TokenKind::kOther, {"Phrase"});
    add(Kind::kBar, TokenKind::kOnset, bars);
    add(Kind::kKey, TokenKind::kOther, keys);
    add(Kind::kMeter, TokenKind::kOther, unless_single(meters));
    add(Kind::kTempo, TokenKind::kOther, unless_single(tempos));
    add(Kind::kBarLength, TokenKind::kOnset, names_of("BarLength_", values_.bar_lengths));
    add(Kind::kPosition, TokenKind::kOnset, names_of("Position_", values_.positions));
    add(Kind::kLater, TokenKind::kOnset, laters);
    if (values_.has_rests) add(Kind::kRest, TokenKind::kOnset, names_of("Rest_", values_.lengths));
    add(Kind::kChord, TokenKind::kOther, chords);
    if (values_.has_parts) {
        add(Kind::kPart, TokenKind::kPart, unless_single(parts));
        add(Kind::kRole, TokenKind::kOther, unless_single(roles));
    }
    add(Kind::kControl, TokenKind::kOther, controls);
    add(Kind::kVelocity, TokenKind::kDynamics,
        unless_single(names_of("Velocity_", values_.velocities)));
    add(Kind::kPitch, TokenKind::kPitch, pitches);
    add(Kind::kDrum, TokenKind::kPitch, names_of("Drum_", values_.drums));
    add(Kind::kMicroTiming, TokenKind::kOnset, micro_timings);
    add(Kind::kLength, TokenKind::kLength, names_of("Length_", values_.lengths));
    add(Kind::kGiven, TokenKind::kOther, given);
}

void Layout::add(Kind kind, TokenKind token_kind, const std::vector<std::string>& names) {
    ranges_[static_cast<std::size_t>(kind)] = {vocabulary_.size(), static_cast<int>(names.size())};
    for (const std::string& name : names) {
        vocabulary_.add(name, token_kind);
        kinds_.push_back(kind);
    }
}

TokenId Layout::bar(int bars_left) const {
    return range(Kind::kBar).id(static_cast<std::size_t>(std::min(bars_left, kMaxBarsLeft + 1)));
}

TokenId Layout::given(int bars_ahead) const {
    if (range(Kind::kGiven).empty() || bars_ahead > kMaxGivenAhead) return -1;
    return range(Kind::kGiven).id(static_cast<std::size_t>(bars_ahead));
}

TokenId Layout::key(score::Key key) const {
    const int sharps = std::clamp<int>(key.sharps, -7, 7);
    return range(Kind::kKey).id(static_cast<std::size_t>((sharps + 7) * 2 + (key.minor ? 1 : 0)));
}

score::Key Layout::key_at(std::size_t index) const {
    return {static_cast<std::int8_t>(static_cast<int>(index / 2) - 7), index % 2 == 1};
}

TokenId Layout::chord(score::Chord chord) const {
    if (chord.quality == score::ChordQuality::kNone) return range(Kind::kChord).first;
    return range(Kind::kChord)
        .id(1 + (static_cast<std::size_t>(chord.quality) - 1) * 12 + chord.root);
}

score::Chord Layout::chord_at(std::size_t index) const {
    if (index == 0) return {};
    return {static_cast<std::uint8_t>((index - 1) % 12),
            static_cast<score::ChordQuality>(1 + (index - 1) / 12)};
}

LayoutLearner::LayoutLearner(std::string scheme, int steps_per_quarter,
                             const StreamOptions& options)
    : options_(options) {
    base_.scheme = std::move(scheme);
    base_.steps_per_quarter = steps_per_quarter;
    base_.has_parts = options.parts;
    base_.has_chords = options.chords;
    base_.has_rests = options.rests;
    base_.has_given = options.given;
    base_.micro_timing_bins = options.micro_timing_bins;
}

void LayoutLearner::add(const GridPiece& piece) {
    ++pieces_;
    if (piece.merged_voices.size() > 1) ++ensembles_[piece.merged_voices];
    any_phrase_ = any_phrase_ || !piece.phrases.empty();
    for (const GridBar& bar : piece.bars) {
        ++meters_[bar.meter];
        if (bar.length != full_bar_steps(bar.meter, base_.steps_per_quarter))
            bar_lengths_.insert(bar.length);
    }
    without_tempo_ = without_tempo_ || piece.tempos.empty() || piece.tempos.front().onset > 0;
    for (const auto& change : piece.tempos) tempos_.insert(tempo_class(change.value));
    for (const GridPart& part : piece.parts) {
        ++parts_[part.part_class];
        roles_.insert(part.role);
    }
    std::size_t bar = 0;
    const auto see_position = [&](std::int64_t onset) {
        while (onset >= piece.bars[bar].onset + piece.bars[bar].length) ++bar;
        positions_.insert(onset - piece.bars[bar].onset);
    };
    for (const GridControl& control : piece.controls) {
        see_position(control.onset);
        controls_.insert({control.controller, control.value});
    }
    bar = 0;
    for (const GridNote& note : piece.notes) {
        see_position(note.onset);
        ++lengths_[note.end - note.onset];
        ++velocities_[note.velocity];
        if (piece.parts[static_cast<std::size_t>(note.part)].part_class.is_drums) {
            drums_.insert(note.pitch);
        } else {
            lowest_ = std::min(lowest_, note.pitch);
            highest_ = std::max(highest_, note.pitch);
        }
    }
}

void LayoutLearner::merge(const LayoutLearner& other) {
    const auto add_counts = [](auto& sum, const auto& counts) {
        for (const auto& [value, count] : counts) sum[value] += count;
    };
    const auto add_values = [](auto& all, const auto& values) {
        all.insert(values.begin(), values.end());
    };
    any_phrase_ = any_phrase_ || other.any_phrase_;
    without_tempo_ = without_tempo_ || other.without_tempo_;
    lowest_ = std::min(lowest_, other.lowest_);
    highest_ = std::max(highest_, other.highest_);
    pieces_ += other.pieces_;
    add_counts(meters_, other.meters_);
    add_counts(lengths_, other.lengths_);
    add_counts(velocities_, other.velocities_);
    add_counts(parts_, other.parts_);
    add_counts(ensembles_, other.ensembles_);
    add_values(tempos_, other.tempos_);
    add_values(bar_lengths_, other.bar_lengths_);
    add_values(positions_, other.positions_);
    add_values(controls_, other.controls_);
    add_values(drums_, other.drums_);
    add_values(roles_, other.roles_);
}

LayoutValues LayoutLearner::finish() const {
    const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
    LayoutValues values = base_;
    values.has_phrases = any_phrase_;
    for (const auto& [meter, count] : meters_) values.meters.push_back(meter);
    std::set<std::int64_t> bar_lengths = bar_lengths_, lengths;
    if (!options_.metre) {
        // What the metre would say of bars, their lengths must.
        for (const auto& [meter, count] : meters_)
            bar_lengths.insert(full_bar_steps(meter, values.steps_per_quarter));
        values.meters = {std::max_element(meters_.begin(), meters_.end(), fewer)->first};
    }
    if (!tempos_.empty() && options_.tempo) {
        // One tempo in every piece needs no token, and no room: it is the corpus's default.
        const bool single = tempos_.size() == 1 && !without_tempo_;
        const int room = single ? 0 : kTempoRoom;
        const int first = std::max(tempo_class(kSlowest), *tempos_.begin() - room);
        const int last = std::min(tempo_class(kFastest), *tempos_.rbegin() + room);
        for (int t = first; t <= last; ++t) values.tempos.push_back(t);
    }

    for (std::int64_t power = 1; power <= kMaxBarSteps; power *= 2) bar_lengths.insert(power);
    values.bar_lengths.assign(bar_lengths.begin(), bar_lengths.end());

    values.positions.push_back(0);
    for (const std::int64_t position : positions_)
        if (position > 0) values.positions.push_back(position);

    // The commonest lengths up to two whole notes; longer ones are tied together from them.
    const std::int64_t longest = std::int64_t{8} * values.steps_per_quarter;
    std::vector<std::pair<std::int64_t, std::int64_t>> by_count;
    for (const auto& [length, count] : lengths_)
        if (length <= longest) by_count.push_back({-count, length});
    std::sort(by_count.begin(), by_count.end());
    if (by_count.size() > kMaxLengths) by_count.resize(kMaxLengths);
    for (const auto& [count, length] : by_count) lengths.insert(length);
    for (std::int64_t power = 1; power <= longest; power *= 2) lengths.insert(power);
    values.lengths.assign(lengths.begin(), lengths.end());

    values.velocities = velocity_classes(velocities_, options_.velocity_bins);
    values.controls.assign(controls_.begin(), controls_.end());

    if (highest_ >= 0) {
        values.lowest_pitch = std::max(0, lowest_ - kPitchRoom);
        values.highest_pitch = std::min(score::kPitches - 1, highest_ + kPitchRoom);
    }
    values.drums.assign(drums_.begin(), drums_.end());
    if (values.has_parts) {
        for (const auto& [part, count] : parts_) values.parts.push_back(part);
    } else {
        // The voices that at least half of the pieces are written for, else the commonest player.
        const auto ensemble = std::max_element(ensembles_.begin(), ensembles_.end(), fewer);
        if (ensemble != ensembles_.end() && 2 * ensemble->second >= pieces_)
            values.parts = ensemble->first;
        else
            values.parts = {std::max_element(parts_.begin(), parts_.end(), fewer)->first};
    }
    values.roles.assign(roles_.begin(), roles_.end());
    return values;
}

}  // namespace symphony::tokens
