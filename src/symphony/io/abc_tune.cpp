// The fields and voices of a tune; its music is in abc_music.cpp.
#include "symphony/io/abc_tune.h"

#include "symphony/base/text.h"

#include <algorithm>

namespace symphony::io::abc {

using musicxml::Issue;

namespace {

constexpr std::size_t kMostVoices = 64;
constexpr int kMostTransposition = 96;  // semitones

// "R:" and the like; also "+:", which continues a field.
bool is_field(std::string_view line) {
    return line.size() >= 2 && line[1] == ':' &&
           ((line[0] >= 'A' && line[0] <= 'Z') || (line[0] >= 'a' && line[0] <= 'z') ||
            line[0] == '+');
}

std::string_view without_comment(std::string_view line) {
    for (std::size_t at = 0; at < line.size(); ++at) {
        if (line[at] == '\\')
            ++at;
        else if (line[at] == '%')
            return line.substr(0, at);
    }
    return line;
}

}  // namespace

TuneReader::TuneReader(musicxml::RawScore& raw, Book& book, musicxml::IssueLog& log,
                       std::uint64_t max_notes)
    : raw_(raw),
      book_(book),
      log_(log),
      max_notes_(max_notes),
      first_measure_(static_cast<int>(raw.measures.size())),
      tempos_before_(raw.tempos.size()),
      texts_before_(raw.texts.size()) {
    for (const musicxml::RawPart& part : raw.parts)
        keys_and_programs_before_.emplace_back(part.keys.size(), part.programs.size());
}

musicxml::RawMeasure& TuneReader::measure(int index) {
    if (static_cast<std::size_t>(index) >= raw_.measures.size())
        raw_.measures.resize(static_cast<std::size_t>(index) + 1);
    return raw_.measures[static_cast<std::size_t>(index)];
}

void TuneReader::read_line(std::string_view line, std::uint64_t offset) {
    offset_ = offset;
    if (line.starts_with("%%")) return read_directives(line.substr(2));
    if (line.starts_with("I:")) return read_directives(line.substr(2));
    line = without_comment(line);
    if (is_field(line)) return read_field(line[0], base::trim(line.substr(2)), false);
    if (in_body_ && !base::trim(line).empty()) read_music(line, offset);
}

void TuneReader::read_header_field(char name, std::string_view value) {
    switch (name) {
        case 'T':
            if (raw_.title.empty()) raw_.title = value;
            return;
        case 'C':
            if (raw_.composer.empty()) raw_.composer = value;
            return;
        case 'V': {
            const std::size_t space = value.find_first_of(" \t");
            declared_.emplace_back(value.substr(0, space),
                                   space == std::string_view::npos ? "" : value.substr(space + 1));
            if (declared_.size() > kMostVoices) declared_.pop_back();
            return;
        }
        case 'P':
            return read_part_order(value);
        case 'Q':
            tempo_text_ = value;
            return;
        default:
            return;
    }
}

void TuneReader::read_field(char name, std::string_view value, bool is_inline) {
    const bool in_header = !in_body_;
    switch (name) {
        case 'M': {
            const auto given = parse_meter(value);
            if (!given) return bad_field();
            if (in_header) {
                header_meter_ = *given;
                return;
            }
            if (voice().at > 0) log_.add(Issue::kMeterInsideBar, offset_);
            here().meter_is_free = given->is_free;
            if (!given->is_free) here().meter = given->meter;
            meters_[voice().measure] = *given;
            return;
        }
        case 'L':
            if (const auto unit = parse_fraction(value)) {
                (in_header ? unit_.emplace() : voice().unit) = *unit;
            } else {
                bad_field();
            }
            return;
        case 'K': {
            const auto key = parse_key(value);
            if (!key) bad_field();
            const auto settings = parse_settings(value);
            if (in_header) {
                if (key) key_ = *key;
                transposition_ = std::clamp(transposition_ + transposition_of(settings),
                                            -kMostTransposition, kMostTransposition);
                octaves_ = std::clamp(octaves_ + octaves_of(settings), -kMostTransposition,
                                      kMostTransposition);
                in_body_ = true;
                meters_[first_measure_] = header_meter_;
                use_voice(declared_.empty() ? "" : declared_.front().first);
                return;
            }
            const bool is_key = key && (key->has_key || value.starts_with("none"));
            if (!is_key) return;
            voice().key = *key;
            voice().accidentals.fill(std::nullopt);
            raw_.parts[voice().part].keys.push_back({{voice().measure, voice().at}, key->key});
            return;
        }
        case 'Q':
            if (in_header) return read_header_field(name, value);
            if (const auto tempo = parse_tempo(value, voice().unit))
                raw_.tempos.push_back({{voice().measure, voice().at}, *tempo});
            else
                bad_field();
            return;
        case 'V':
            return in_header ? read_header_field(name, value) : use_voice(value);
        case 'P':
            if (in_header) return read_header_field(name, value);
            if (!value.empty()) begin_part(value.front());
            return;
        case 'I':
            return read_directives(value);
        case 'w':
            if (!in_header && !is_inline) read_lyrics(value);
            return;
        default:
            if (in_header) read_header_field(name, value);
            return;
    }
}

void TuneReader::use_voice(std::string_view text) {
    const std::size_t space = text.find_first_of(" \t");
    const std::string id(text.substr(0, space));
    for (std::size_t i = 0; i < voices_.size(); ++i)
        if (voices_[i].id == id) {
            current_ = i;
            return;
        }
    std::string given(space == std::string_view::npos ? std::string_view() : text.substr(space));
    for (const auto& [name, settings] : declared_)
        if (name == id) given = settings + " " + given;
    // Without voices in the header the first that is named is the one that the tune began with.
    const bool is_first_name = voices_.size() == 1 && voices_[0].id.empty() &&
                               voices_[0].measure == first_measure_ && voices_[0].at == 0 &&
                               voices_[0].end == 0;
    if (is_first_name)
        voices_[0].id = id;
    else
        add_voice(id);
    if (voices_.back().id == id) set_up(voices_.back(), parse_settings(given));
}

void TuneReader::set_up(Voice& made, const std::map<std::string, std::string>& settings) {
    made.transposition = transposition_ + transposition_of(settings);
    made.octaves = octaves_ + octaves_of(settings);
    musicxml::RawPart& part = raw_.parts[made.part];
    if (part.notes.empty()) {
        for (const char* name : {"name", "nm"})
            if (settings.contains(name) && part.name.empty()) part.name = settings.at(name);
        part.is_transposed = (made.transposition + made.directed_transposition) % 12 != 0;
    }
    set_chord_transposition(made);
}

void TuneReader::add_voice(const std::string& id) {
    if (voices_.size() >= kMostVoices) return bad_field();
    Voice made;
    made.id = id;
    made.part = voices_.size();
    made.measure = first_measure_;
    made.unit = unit_.value_or(default_unit(header_meter_));
    made.key = key_;
    made.directed_transposition = directed_transposition_;
    made.is_drums = is_drums_;
    if (raw_.parts.size() <= made.part) raw_.parts.emplace_back();
    const musicxml::Position start{made.measure, 0};
    if (program_ >= 0)
        raw_.parts[made.part].programs.push_back({start, static_cast<std::uint8_t>(program_), 0});
    if (key_.has_key) raw_.parts[made.part].keys.push_back({start, key_.key});
    voices_.push_back(std::move(made));
    current_ = voices_.size() - 1;
    if (current_ > 0) return;
    // The first voice opens the tune. What the header says of accompaniment is for it alone.
    for (const std::vector<std::string>& words : header_directives_) accompany(words);
    here().meter_is_free = header_meter_.is_free;
    if (!header_meter_.is_free) here().meter = header_meter_.meter;
    const auto tempo = parse_tempo(tempo_text_, voice().unit);
    if (tempo)
        raw_.tempos.push_back({start, *tempo});
    else if (!raw_.tempos.empty())  // not that of the tune before
        raw_.tempos.push_back({start, score::kDefaultTempoBpm});
    if (!tempo && tempo_text_.find_first_of("0123456789") != std::string::npos) bad_field();
}

void TuneReader::end_measure() {
    Voice& now = voice();
    now.end = std::max(now.end, now.at);
    here().notes_end = std::max(here().notes_end, now.end);
    has_all_measures_ |= now.measure + 1 >= kMostMeasures;
    ++now.measure;
    now.at = now.end = 0;
    now.overlay = 0;
    now.accidentals.fill(std::nullopt);
}

bool TuneReader::finish() {
    for (current_ = 0; current_ < voices_.size(); ++current_)
        if (voice().at > 0 || voice().end > 0) end_measure();
    // A measure that only a bar line opened is none.
    int last = first_measure_;
    for (const Voice& each : voices_) last = std::max(last, each.measure);
    if (raw_.measures.size() > static_cast<std::size_t>(last))
        raw_.measures.resize(static_cast<std::size_t>(last));
    const auto is_beyond = [&](const auto& mark) { return mark.at.measure >= last; };
    const auto erase_beyond = [&](auto& marks, std::size_t from) {
        const auto begin = marks.begin() + static_cast<std::ptrdiff_t>(from);
        marks.erase(std::remove_if(begin, marks.end(), is_beyond), marks.end());
    };
    erase_beyond(raw_.tempos, tempos_before_);
    erase_beyond(raw_.texts, texts_before_);
    keys_and_programs_before_.resize(raw_.parts.size());
    for (std::size_t i = 0; i < raw_.parts.size(); ++i) {
        erase_beyond(raw_.parts[i].keys, keys_and_programs_before_[i].first);
        erase_beyond(raw_.parts[i].programs, keys_and_programs_before_[i].second);
    }
    play_accompaniments();
    order_spans(last);
    return in_body_;
}

}  // namespace symphony::io::abc
