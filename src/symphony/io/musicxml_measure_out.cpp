// Measures as XML. Source: as in the header.
#include "symphony/io/musicxml_measure_out.h"

#include "symphony/io/musicxml_drum_places.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

namespace symphony::io::musicxml {
namespace {

constexpr std::array kTypeNames{"breve", "whole", "half", "quarter", "eighth",
                                "16th",  "32nd",  "64th", "128th",   "256th"};
constexpr std::string_view kSteps = "CDEFGAB";

pugi::xml_node add(pugi::xml_node parent, const char* name) { return parent.append_child(name); }
pugi::xml_node add(pugi::xml_node parent, const char* name, const std::string& text) {
    pugi::xml_node node = parent.append_child(name);
    node.text().set(text.c_str());
    return node;
}
pugi::xml_node add(pugi::xml_node parent, const char* name, std::int64_t number) {
    return add(parent, name, std::to_string(number));
}

int alter_in_key(score::Key key, int step) {
    constexpr std::array kPlace{1, 3, 5, 0, 2, 4, 6};  // of C D E F G A B among F C G D A E B
    const int place = kPlace[static_cast<std::size_t>(step)];
    if (key.sharps > 0) return place < key.sharps ? 1 : 0;
    return 6 - place < -key.sharps ? -1 : 0;
}

const char* accidental_name(int alter) {
    constexpr std::array kNames{"flat-flat", "flat", "natural", "sharp", "double-sharp"};
    return kNames[static_cast<std::size_t>(std::clamp(alter, -2, 2) + 2)];
}

class MeasureWriter {
  public:
    MeasureWriter(const Page& page, const WrittenPart& part)
        : page_(page), written_(part), part_(*part.part), score_(*page.score) {
        for (const Staff& staff : part_.staves) clefs_.push_back(staff.clef);
        next_clef_.resize(part_.staves.size());
        for (const score::PhraseMark& phrase : score_.phrases)
            if (phrase.onset < score_.end()) breaths_.insert(phrase.onset.value);
    }

    void write(pugi::xml_node node) {
        int number = 1;
        for (std::size_t i = 0; i < score_.bars.size(); ++i) {
            const score::Bar& bar = score_.bars[i];
            pugi::xml_node measure = add(node, "measure");
            const bool is_whole = bar.length == full_length(bar.meter);
            if (!is_whole && i == 0)
                measure.append_attribute("number") = "0";
            else if (!is_whole)
                measure.append_attribute("number") = fmt::format("X{}", ++irregular_).c_str();
            else
                measure.append_attribute("number") = number++;
            if (!is_whole) measure.append_attribute("implicit") = "yes";
            write_attributes(measure, i);
            write_changes_inside(measure, bar);
            write_marks(measure, bar);
            write_staves(measure, i);
            if (i + 1 == score_.bars.size()) {
                pugi::xml_node line = add(measure, "barline");
                line.append_attribute("location") = "right";
                add(line, "bar-style", "light-heavy");
            }
        }
    }

  private:
    static score::Ticks full_length(score::Meter meter) {
        return score::Ticks(4 * kUnits * meter.numerator / meter.denominator);
    }
    std::int64_t divisions(std::int64_t units) const { return units / page_.units_per_division; }

    void write_key(pugi::xml_node attributes, score::Key key) {
        pugi::xml_node node = add(attributes, "key");
        add(node, "fifths", key.sharps);
        add(node, "mode", key.minor ? "minor" : "major");
    }

    void write_clef(pugi::xml_node attributes, std::size_t staff, Clef written) {
        struct Sign {
            const char* sign;
            int line, octave;
        };
        constexpr std::array kSigns{Sign{"G", 2, 0},         Sign{"G", 2, -1}, Sign{"C", 3, 0},
                                    Sign{"C", 4, 0},         Sign{"F", 4, 0},  Sign{"F", 4, -1},
                                    Sign{"percussion", 2, 0}};
        const Sign& sign = kSigns[static_cast<std::size_t>(written)];
        pugi::xml_node clef = add(attributes, "clef");
        if (part_.staves.size() > 1) clef.append_attribute("number") = static_cast<int>(staff + 1);
        add(clef, "sign", sign.sign);
        add(clef, "line", sign.line);
        if (sign.octave != 0) add(clef, "clef-octave-change", sign.octave);
    }

    void write_attributes(pugi::xml_node measure, std::size_t index) {
        const score::Bar& bar = score_.bars[index];
        const score::Key* key = nullptr;
        for (; next_key_ < score_.keys.size() && score_.keys[next_key_].onset <= bar.onset;
             ++next_key_)
            key = &score_.keys[next_key_].key;
        const bool is_first = index == 0;
        const bool new_meter = is_first || bar.meter != score_.bars[index - 1].meter;
        const bool shows_key = key != nullptr && !part_.is_drums;
        if (key != nullptr) key_ = *key;
        const std::vector<std::size_t> new_clefs = staves_with_new_clef(index);
        if (!is_first && !shows_key && !new_meter && new_clefs.empty()) return;
        pugi::xml_node attributes = add(measure, "attributes");
        if (is_first) add(attributes, "divisions", divisions(kUnits));
        if (shows_key) write_key(attributes, key_);
        if (new_meter) {
            pugi::xml_node time = add(attributes, "time");
            add(time, "beats", bar.meter.numerator);
            add(time, "beat-type", bar.meter.denominator);
        }
        if (is_first && part_.staves.size() > 1)
            add(attributes, "staves", static_cast<int>(part_.staves.size()));
        for (const std::size_t staff : new_clefs) write_clef(attributes, staff, clefs_[staff]);
    }

    // All in the first bar; clefs_ is brought up to bar `index`.
    std::vector<std::size_t> staves_with_new_clef(std::size_t index) {
        std::vector<std::size_t> staves;
        for (std::size_t i = 0; i < part_.staves.size(); ++i) {
            const std::vector<ClefChange>& changes = part_.staves[i].clef_changes;
            std::size_t& next = next_clef_[i];
            const bool changes_here = next < changes.size() && changes[next].bar == index;
            if (changes_here) clefs_[i] = changes[next++].clef;
            if (changes_here || index == 0) staves.push_back(i);
        }
        return staves;
    }

    void move(pugi::xml_node measure, const char* direction, std::int64_t units) {
        if (units > 0) add(add(measure, direction), "duration", divisions(units));
    }

    // Changes of key and of instrument that do not begin a bar.
    void write_changes_inside(pugi::xml_node measure, const score::Bar& bar) {
        const score::Ticks end = bar.onset + bar.length;
        for (; next_key_ < score_.keys.size() && score_.keys[next_key_].onset < end; ++next_key_) {
            key_ = score_.keys[next_key_].key;
            if (part_.is_drums) continue;
            const std::int64_t inside = (score_.keys[next_key_].onset - bar.onset).value;
            move(measure, "forward", inside);
            write_key(add(measure, "attributes"), key_);
            move(measure, "backup", inside);
        }
        const auto& programs = part_.head->programs;
        for (; next_program_ < programs.size() && programs[next_program_].onset < end;
             ++next_program_) {
            const score::ProgramChange& change = programs[next_program_];
            const std::int64_t inside = (change.onset - bar.onset).value;
            if (inside < 0) continue;
            move(measure, "forward", inside);
            pugi::xml_node instrument = add(add(measure, "sound"), "midi-instrument");
            instrument.append_attribute("id") = instrument_id(written_, 0).c_str();
            if (change.bank > 0) add(instrument, "midi-bank", change.bank + 1);
            add(instrument, "midi-program", change.program + 1);
            move(measure, "backup", inside);
        }
    }

    void write_marks(pugi::xml_node measure, const score::Bar& bar) {
        const score::Ticks end = bar.onset + bar.length;
        for (; next_mark_ < written_.marks.size() && written_.marks[next_mark_].onset < end.value;
             ++next_mark_) {
            const Mark& mark = written_.marks[next_mark_];
            const std::int64_t offset = divisions(mark.onset - bar.onset.value);
            if (mark.kind == Mark::Kind::kTempo && !mark.is_drawn) {
                move(measure, "forward", mark.onset - bar.onset.value);
                add(measure, "sound").append_attribute("tempo") =
                    fmt::format("{}", mark.quarters_per_minute).c_str();
                move(measure, "backup", mark.onset - bar.onset.value);
                continue;
            }
            pugi::xml_node direction = add(measure, "direction");
            direction.append_attribute("placement") =
                mark.kind == Mark::Kind::kDynamic ? "below" : "above";
            pugi::xml_node type = add(direction, "direction-type");
            if (mark.kind == Mark::Kind::kTempo) write_metronome(type, mark, bar.meter);
            if (mark.kind == Mark::Kind::kDynamic) add(add(type, "dynamics"), mark.text.c_str());
            if (mark.kind == Mark::Kind::kWords) add(type, "words", mark.text);
            if (mark.kind == Mark::Kind::kRehearsal) add(type, "rehearsal", mark.text);
            if (offset > 0) add(direction, "offset", offset).append_attribute("sound") = "yes";
            if (part_.staves.size() > 1) add(direction, "staff", 1);
            if (mark.kind == Mark::Kind::kTempo)
                add(direction, "sound").append_attribute("tempo") =
                    fmt::format("{}", mark.quarters_per_minute).c_str();
        }
    }

    static void write_metronome(pugi::xml_node type, const Mark& mark, score::Meter meter) {
        const bool is_compound =
            meter.denominator == 8 && meter.numerator > 3 && meter.numerator % 3 == 0;
        pugi::xml_node metronome = add(type, "metronome");
        add(metronome, "beat-unit", "quarter");
        if (is_compound) add(metronome, "beat-unit-dot");
        const double beats = mark.quarters_per_minute / (is_compound ? 1.5 : 1);
        add(metronome, "per-minute", fmt::format("{:.0f}", beats));
    }

    void write_staves(pugi::xml_node measure, std::size_t bar) {
        bool is_first = true;
        for (std::size_t staff = 0; staff < part_.staves.size(); ++staff) {
            if (!part_.is_drums) find_accidentals(staff, bar);
            for (std::size_t layer = 0; layer < written_.staves[staff].size(); ++layer) {
                const std::vector<Piece>& pieces = written_.staves[staff][layer][bar];
                if (pieces.empty()) continue;
                if (!is_first) move(measure, "backup", score_.bars[bar].length.value);
                is_first = false;
                for (const Piece& piece : pieces) write_piece(measure, piece, staff, layer, bar);
            }
        }
    }

    // The accidental that each note of the bar needs after those before it on its line or space.
    void find_accidentals(std::size_t staff, std::size_t bar) {
        accidentals_.clear();
        std::vector<const Piece*> pieces;
        for (const WrittenLayer& layer : written_.staves[staff])
            for (const Piece& piece : layer[bar]) pieces.push_back(&piece);
        std::stable_sort(pieces.begin(), pieces.end(),
                         [](const Piece* a, const Piece* b) { return a->from < b->from; });
        std::map<std::pair<int, int>, int> in_force;  // by octave and step
        const std::int64_t onset = score_.bars[bar].onset.value;
        for (const Piece* piece : pieces)
            for (const std::size_t index : piece->notes) {
                const StaffNote& note = part_.staves[staff].notes[index];
                if (note.onset < onset + piece->from) continue;  // tied from before
                const Spelling& spelled = note.spelling;
                const auto [place, is_new] = in_force.try_emplace({spelled.octave, spelled.step},
                                                                  alter_in_key(key_, spelled.step));
                if (place->second == spelled.alter) continue;
                place->second = spelled.alter;
                accidentals_[{piece, index}] = accidental_name(spelled.alter);
            }
    }

    void write_piece(pugi::xml_node measure, const Piece& piece, std::size_t staff,
                     std::size_t layer, std::size_t bar) {
        if (piece.notes.empty()) {
            pugi::xml_node note = add(measure, "note");
            pugi::xml_node rest = add(note, "rest");
            if (piece.is_bar_rest) rest.append_attribute("measure") = "yes";
            write_value(note, piece, staff, layer, nullptr, nullptr);
            write_notations(note, piece, false, false, false, true);
            return;
        }
        bool is_first = true;
        for (const std::size_t index : piece.notes) {
            const StaffNote& source = part_.staves[staff].notes[index];
            const std::int64_t from = score_.bars[bar].onset.value + piece.from;
            const bool stops = source.onset<from, starts = source.end> from + piece.length;
            pugi::xml_node note = add(measure, "note");
            note.append_attribute("dynamics") =
                fmt::format("{:.2f}", source.velocity / 0.9).c_str();
            if (!is_first) add(note, "chord");
            if (part_.is_drums) {
                const DrumPlace place = drum_place(source.pitch);
                pugi::xml_node unpitched = add(note, "unpitched");
                add(unpitched, "display-step", std::string(1, place.step));
                add(unpitched, "display-octave", place.octave);
            } else {
                pugi::xml_node pitch = add(note, "pitch");
                add(pitch, "step",
                    std::string(1, kSteps[static_cast<std::size_t>(source.spelling.step)]));
                if (source.spelling.alter != 0) add(pitch, "alter", source.spelling.alter);
                add(pitch, "octave", source.spelling.octave);
            }
            const auto accidental = accidentals_.find({&piece, index});
            write_value(note, piece, staff, layer, &source,
                        accidental == accidentals_.end() ? nullptr : accidental->second, stops,
                        starts);
            const bool breathes =
                staff == 0 && layer == 0 && is_first && breaths_.count(source.end) > 0 && !starts;
            write_notations(note, piece, stops, starts, breathes, is_first);
            if (staff == 0 && !stops) write_lyric(note, index);
            is_first = false;
        }
    }

    // From <duration> to <beam>, the same for notes and rests.
    void write_value(pugi::xml_node note, const Piece& piece, std::size_t staff, std::size_t layer,
                     const StaffNote* source, const char* accidental, bool stops = false,
                     bool starts = false) {
        const bool is_chord = static_cast<bool>(note.child("chord"));
        add(note, "duration", divisions(piece.length));
        if (stops) add(note, "tie").append_attribute("type") = "stop";
        if (starts) add(note, "tie").append_attribute("type") = "start";
        if (source != nullptr && part_.is_drums)
            add(note, "instrument").append_attribute("id") =
                instrument_id(written_, source->pitch).c_str();
        add(note, "voice", part_.staves[staff].layers[layer].voice);
        if (!piece.is_bar_rest) {
            add(note, "type", kTypeNames[static_cast<std::size_t>(piece.type + 1)]);
            for (int dot = 0; dot < piece.dots; ++dot) add(note, "dot");
        }
        if (accidental != nullptr) add(note, "accidental", accidental);
        if (piece.actual != 1) {
            pugi::xml_node ratio = add(note, "time-modification");
            add(ratio, "actual-notes", piece.actual);
            add(ratio, "normal-notes", piece.normal);
        }
        if (source != nullptr && part_.is_drums) {
            add(note, "stem", layer == 0 && source->voice != 2 ? "up" : "down");
            const DrumPlace place = drum_place(source->pitch);
            if (!place.notehead.empty()) add(note, "notehead", std::string(place.notehead));
        }
        if (part_.staves.size() > 1) add(note, "staff", static_cast<int>(staff + 1));
        if (is_chord) return;
        for (std::size_t beam = 0; beam < piece.beams.size(); ++beam)
            add(note, "beam", std::string(piece.beams[beam])).append_attribute("number") =
                static_cast<int>(beam + 1);
    }

    static void write_notations(pugi::xml_node note, const Piece& piece, bool stops, bool starts,
                                bool breathes, bool is_first) {
        const bool has_tuplet = is_first && (piece.tuplet_starts || piece.tuplet_stops);
        if (!stops && !starts && !breathes && !has_tuplet) return;
        pugi::xml_node notations = add(note, "notations");
        if (stops) add(notations, "tied").append_attribute("type") = "stop";
        if (starts) add(notations, "tied").append_attribute("type") = "start";
        if (is_first && piece.tuplet_starts) {
            pugi::xml_node tuplet = add(notations, "tuplet");
            tuplet.append_attribute("type") = "start";
            tuplet.append_attribute("bracket") = piece.beams.empty() ? "yes" : "no";
        }
        if (is_first && piece.tuplet_stops)
            add(notations, "tuplet").append_attribute("type") = "stop";
        if (breathes) add(add(notations, "articulations"), "breath-mark");
    }

    void write_lyric(pugi::xml_node note, std::size_t index) {
        const auto syllable = written_.syllables.find(index);
        if (syllable == written_.syllables.end()) return;
        pugi::xml_node lyric = add(note, "lyric");
        lyric.append_attribute("number") = 1;
        add(lyric, "syllabic", std::string(syllable->second.syllabic));
        add(lyric, "text", syllable->second.text);
    }

    const Page& page_;
    const WrittenPart& written_;
    const NotatedPart& part_;
    const score::Score& score_;
    std::set<std::int64_t> breaths_;
    std::map<std::pair<const Piece*, std::size_t>, const char*> accidentals_;  // of bar and staff
    std::vector<Clef> clefs_;                                                  // in force, by staff
    std::vector<std::size_t> next_clef_;                                       // by staff
    std::size_t next_key_ = 0, next_mark_ = 0, next_program_ = 0;
    score::Key key_;
    int irregular_ = 0;
};

}  // namespace

std::string instrument_id(const WrittenPart& part, int pitch) {
    return part.part->is_drums ? fmt::format("{}-I{}", part.id, pitch + 1) : part.id + "-I1";
}

void write_measures(const Page& page, const WrittenPart& part, pugi::xml_node node) {
    MeasureWriter(page, part).write(node);
}

}  // namespace symphony::io::musicxml
