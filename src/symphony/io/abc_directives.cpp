// The directives, parts and accompaniments of a tune.
#include "symphony/base/text.h"
#include "symphony/io/abc_part_order.h"
#include "symphony/io/abc_tune.h"

#include <algorithm>

namespace symphony::io::abc {

using musicxml::Issue;
using musicxml::Position;

const Meter& TuneReader::meter() {
    return std::prev(meters_.upper_bound(std::max(voice().measure, first_measure_)))->second;
}

// "MIDI program 40", and "MIDI = program 73 MIDI=chordprog 29" of an inline field.
void TuneReader::read_directives(std::string_view text) {
    constexpr std::string_view kName = "midi", kBehindName = " \t=";
    const std::string lower = base::to_lower(text);
    for (std::size_t at = lower.find_first_not_of(" \t"); at < lower.size();) {
        const std::size_t behind = at + kName.size();
        if (lower.compare(at, kName.size(), kName) != 0 || behind >= lower.size() ||
            kBehindName.find(lower[behind]) == std::string_view::npos)
            return;  // a directive of another kind
        const std::size_t begin =
            std::min(lower.find_first_not_of(kBehindName, behind), lower.size());
        at = std::min(lower.find(kName, begin), lower.size());
        const std::vector<std::string> words = split_words(text.substr(begin, at - begin));
        if (!words.empty()) read_directive(words);
    }
}

void TuneReader::read_directive(const std::vector<std::string>& words) {
    const bool is_of_voice = in_body_ && !voices_.empty();
    if (words[0] == "program" || words[0] == "transpose" || words[0] == "channel") {
        const auto value = parse_number(words.back());
        if (!value) return bad_field();
        if (words[0] == "channel") (is_of_voice ? voice().is_drums : is_drums_) = *value == 10;
        if (words[0] == "program" && *value >= 0 && *value < 128) {
            if (is_of_voice)
                raw_.parts[voice().part].programs.push_back(
                    {{voice().measure, voice().at}, static_cast<std::uint8_t>(*value), 0});
            else
                program_ = *value;
        } else if (words[0] == "transpose" && *value >= -48 && *value <= 48) {
            // It takes the place of the directive before it; what the key and the clef ask for
            // stays.
            (is_of_voice ? voice().directed_transposition : directed_transposition_) = *value;
            if (is_of_voice) set_chord_transposition(voice());
        }
    } else if (words[0] == "drummap") {
        const auto note = words.size() > 2 ? parse_note(words[1]) : std::nullopt;
        const auto key = words.size() > 2 ? parse_number(words[2]) : std::nullopt;
        if (!note || !key || *key < 0 || *key >= score::kPitches) return bad_field();
        drum_keys_[*note] = *key;
    } else if (words[0] == "chordname") {
        std::vector<int> intervals;
        for (std::size_t i = 2; i < words.size() && intervals.size() < ChordKinds::kMostNotes; ++i)
            intervals.push_back(
                std::clamp(parse_number(words[i]).value_or(0), -score::kPitches, score::kPitches));
        if (intervals.empty()) return bad_field();
        if (!book_.chord_kinds.define(words[1], std::move(intervals))) cut();
    } else if (!Accompaniment::takes(words[0])) {
        return;
    } else if (is_of_voice) {
        accompany(words);
    } else if (header_directives_.size() < kMostHeaderDirectives) {
        header_directives_.push_back(words);
    } else {
        cut();
    }
}

void TuneReader::accompany(const std::vector<std::string>& words) {
    const score::Meter now = meter().meter;
    switch (voice().accompaniment.read_directive(words, {voice().measure, voice().at}, now,
                                                 bar_units(now, kResolution))) {
        case Accompaniment::Outcome::kBad:
            return bad_field();
        case Accompaniment::Outcome::kCut:
            return cut();
        default:
            return;
    }
}

void TuneReader::set_chord_transposition(Voice& now) {
    now.accompaniment.set_transposition(
        {now.measure, now.at}, now.transposition - now.octaves + now.directed_transposition);
}

void TuneReader::play_accompaniments() {
    const bool with_chords = std::any_of(voices_.begin(), voices_.end(), [](const Voice& each) {
        return each.accompaniment.asks_for_chords();
    });
    if (book_.accompaniments.size() < voices_.size()) book_.accompaniments.resize(voices_.size());
    std::map<int, score::Meter> meters;
    for (const auto& [measure, meter] : meters_) meters.emplace(measure, meter.meter);
    for (std::size_t i = 0; i < voices_.size(); ++i) {
        Voice& each = voices_[i];
        if (with_chords)  // else they are words like others
            for (const std::uint64_t offset : each.unknown_chords)
                log_.add(Issue::kAbcUnknownChord, offset, static_cast<int>(each.part));
        notes_ += each.accompaniment.play(
            raw_, meters, each.measure, with_chords, book_.chord_kinds,
            max_notes_ - std::min(max_notes_, notes_), book_.accompaniments[i]);
    }
}

void TuneReader::read_part_order(std::string_view text) {
    auto order = parse_part_order(text);
    if (!order) return log_.add(Issue::kAbcPartOrderUnclear, offset_);
    if (order->was_cut) cut();
    part_order_ = std::move(order->labels);
}

// From here on, in every voice, the music is that of part `label`.
void TuneReader::begin_part(char label) {
    if (part_order_.empty()) return;
    const std::size_t here = current_;
    for (current_ = 0; current_ < voices_.size(); ++current_)
        if (voice().at > 0 || voice().end > 0) end_measure();
    current_ = here;
    part_begins_[label] = voice().measure;
    part_bounds_.push_back(voice().measure);
}

// In which order the measures of the tune, up to `last`, are played: first what stands before the
// first part, then the parts.
void TuneReader::order_spans(int last) {
    if (part_begins_.empty()) {
        raw_.spans.push_back({first_measure_, last});
        return;
    }
    std::vector<int> bounds = part_bounds_;
    bounds.push_back(last);
    std::sort(bounds.begin(), bounds.end());
    raw_.spans.push_back({first_measure_, bounds.front()});
    for (const char label : part_order_) {
        const auto begin = part_begins_.find(label);
        if (begin == part_begins_.end()) {
            log_.add(Issue::kAbcPartOrderUnclear, offset_);
            continue;
        }
        const auto end = std::upper_bound(bounds.begin(), bounds.end(), begin->second);
        if (end != bounds.end()) raw_.spans.push_back({begin->second, *end});
    }
}

}  // namespace symphony::io::abc
