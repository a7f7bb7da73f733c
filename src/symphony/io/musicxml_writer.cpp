// Score -> MusicXML: quantise, part, spell, divide into written values, write. Source: W3C MusicXML
// 4.0.
#include "symphony/io/musicxml_writer.h"

#include "symphony/base/file.h"
#include "symphony/base/text.h"
#include "symphony/io/musicxml_archive.h"
#include "symphony/io/musicxml_beats.h"
#include "symphony/io/musicxml_drum_places.h"
#include "symphony/io/musicxml_issues.h"
#include "symphony/io/musicxml_measure_out.h"
#include "symphony/io/musicxml_quantise.h"
#include "symphony/io/musicxml_rhythm.h"
#include "symphony/io/musicxml_spelling.h"
#include "symphony/io/musicxml_staves.h"
#include "symphony/score/general_midi.h"
#include "symphony/score/harmony.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <sstream>

namespace symphony::io {
namespace {

using namespace musicxml;

constexpr std::size_t kMaxBarsOfAllParts = 4'000'000;

// How much of its beginning each bar lacks: an upbeat, or the second half of a bar that was split.
std::vector<std::int64_t> missing_beginnings(const std::vector<score::Bar>& bars) {
    std::vector<std::int64_t> missing(bars.size(), 0);
    for (std::size_t i = 0; i < bars.size(); ++i) {
        const std::int64_t full = 4 * kUnits * bars[i].meter.numerator / bars[i].meter.denominator;
        const std::int64_t length = bars[i].length.value;
        if (length >= full) continue;
        const bool completes =
            i > 0 && missing[i - 1] == 0 && bars[i - 1].length.value + length == full;
        if (i == 0 || completes) missing[i] = full - length;
    }
    return missing;
}

// What sounds in one bar, cut wherever a note begins or ends.
std::vector<Stretch> stretches_of(const Staff& staff, const std::vector<std::size_t>& notes,
                                  const score::Bar& bar) {
    const std::int64_t start = bar.onset.value, length = bar.length.value;
    std::set<std::int64_t> cuts{0, length};
    for (const std::size_t index : notes)
        for (const std::int64_t at : {staff.notes[index].onset, staff.notes[index].end})
            cuts.insert(std::clamp<std::int64_t>(at - start, 0, length));
    std::vector<Stretch> stretches;
    for (auto cut = cuts.begin(); std::next(cut) != cuts.end(); ++cut) {
        Stretch stretch{*cut, *std::next(cut), {}};
        for (const std::size_t index : notes)
            if (staff.notes[index].onset < start + stretch.to &&
                staff.notes[index].end > start + stretch.from)
                stretch.notes.push_back(index);
        std::sort(stretch.notes.begin(), stretch.notes.end());
        stretches.push_back(std::move(stretch));
    }
    return stretches;
}

class Writer {
  public:
    Writer(const score::Score& score, const NotationOptions& options)
        : quantised_(quantised_for_notation(score)), score_(quantised_.score), options_(options) {}

    MusicXmlText write() {
        if (quantised_.notes_moved > 0) report(Issue::kNotationQuantised, quantised_.summary());
        choose_key();
        parts_ = notated_parts(score_);
        spell(parts_, score_.keys);
        for (std::size_t i = 0; i < parts_.size(); ++i) divide(i);
        if (irregular_ > 0)
            report(Issue::kValueIrregular,
                   fmt::format("{} values drawn as the nearest that notation has", irregular_));
        if (lyrics_lost_ > 0)
            report(Issue::kLyricWithoutNote, fmt::format("{} left out", lyrics_lost_));
        MusicXmlText result;
        result.text = document();
        result.diagnostics = std::move(diagnostics_);
        return result;
    }

  private:
    void report(Issue issue, std::string detail) {
        diagnostics_.push_back({std::string(issue_code(issue)), std::string(issue_name(issue)), 0,
                                -1, std::move(detail)});
    }

    void choose_key() {
        const bool has_pitches = std::any_of(
            score_.parts.begin(), score_.parts.end(),
            [](const score::Part& part) { return !part.is_drums && !part.notes.empty(); });
        if (!score_.keys.empty() || !has_pitches) return;
        const score::Key key = score::estimate_key(score_);
        score_.keys.push_back({score::Ticks(0), key});
        report(Issue::kKeyEstimated, "the score gives no key; written in " + key.name());
    }

    void divide(std::size_t index) {
        WrittenPart written;
        written.part = &parts_[index];
        written.id = fmt::format("P{}", index + 1);
        for (const Staff& staff : parts_[index].staves) {
            written.staves.emplace_back();
            for (const Layer& layer : staff.layers)
                written.staves.back().push_back(divide(staff, layer));
            rest_where_silent(written.staves.back());
        }
        written.syllables = syllables_of(parts_[index], lyrics_lost_);
        written.marks = dynamic_marks(parts_[index], score_.bars);
        if (index == 0) {
            for (Mark& mark : score_marks(score_)) written.marks.push_back(std::move(mark));
            std::stable_sort(written.marks.begin(), written.marks.end(),
                             [](const Mark& a, const Mark& b) { return a.onset < b.onset; });
        }
        written_.push_back(std::move(written));
    }

    // A bar in which no layer of a staff sounds is a rest of its first one; a bar that is not whole
    // has written values, since readers take the rest of a whole measure for as long as the metre.
    void rest_where_silent(std::vector<WrittenLayer>& layers) {
        const std::vector<std::int64_t> missing = missing_beginnings(score_.bars);
        for (std::size_t bar = 0; bar < score_.bars.size(); ++bar) {
            const bool is_silent =
                std::all_of(layers.begin(), layers.end(),
                            [&](const WrittenLayer& layer) { return layer[bar].empty(); });
            if (!is_silent) continue;
            const score::Meter meter = score_.bars[bar].meter;
            Piece rest;
            rest.length = score_.bars[bar].length.value;
            rest.is_bar_rest = rest.length == 4 * kUnits * meter.numerator / meter.denominator;
            if (rest.is_bar_rest)
                layers.front()[bar] = {rest};
            else
                layers.front()[bar] = written_values({{0, rest.length, {}}}, rest.length,
                                                     missing[bar], BeatTree(meter));
            for (const Piece& piece : layers.front()[bar]) irregular_ += piece.is_irregular;
        }
    }

    WrittenLayer divide(const Staff& staff, const Layer& layer) {
        const std::vector<std::int64_t> missing = missing_beginnings(score_.bars);
        WrittenLayer bars;
        std::vector<std::size_t> sounding;
        std::size_t next = 0;
        for (std::size_t i = 0; i < score_.bars.size(); ++i) {
            const score::Bar& bar = score_.bars[i];
            const std::int64_t end = (bar.onset + bar.length).value;
            std::erase_if(sounding, [&](std::size_t note) {
                return staff.notes[note].end <= bar.onset.value;
            });
            while (next < layer.notes.size() && staff.notes[layer.notes[next]].onset < end)
                sounding.push_back(layer.notes[next++]);
            bars.emplace_back();
            if (sounding.empty()) continue;
            bars.back() = written_values(stretches_of(staff, sounding, bar), bar.length.value,
                                         missing[i], BeatTree(bar.meter));
            for (const Piece& piece : bars.back()) irregular_ += piece.is_irregular;
        }
        return bars;
    }

    // The largest time that every written one is a multiple of.
    std::int64_t units_per_division() const {
        std::int64_t common = kUnits;
        for (const WrittenPart& part : written_) {
            for (const auto& staff : part.staves)
                for (const WrittenLayer& layer : staff)
                    for (const auto& bar : layer)
                        for (const Piece& piece : bar) common = std::gcd(common, piece.length);
            for (const Mark& mark : part.marks) common = std::gcd(common, mark.onset);
            for (const auto& change : part.part->head->programs)
                common = std::gcd(common, change.onset.value);
        }
        for (const score::Bar& bar : score_.bars) common = std::gcd(common, bar.length.value);
        for (const auto& change : score_.keys) common = std::gcd(common, change.onset.value);
        return common;
    }

    std::string document() {
        pugi::xml_document document;
        pugi::xml_node declaration = document.append_child(pugi::node_declaration);
        declaration.append_attribute("version") = "1.0";
        declaration.append_attribute("encoding") = "UTF-8";
        document.append_child(pugi::node_doctype)
            .set_value(
                "score-partwise PUBLIC \"-//Recordare//DTD MusicXML 4.0 Partwise//EN\" "
                "\"http://www.musicxml.org/dtds/partwise.dtd\"");
        pugi::xml_node root = document.append_child("score-partwise");
        root.append_attribute("version") = "4.0";
        write_head(root);
        pugi::xml_node list = root.append_child("part-list");
        int channel = 0;
        for (const WrittenPart& part : written_) write_part_head(list, part, channel);
        const Page page{&score_, units_per_division()};
        for (const WrittenPart& part : written_) {
            pugi::xml_node node = root.append_child("part");
            node.append_attribute("id") = part.id.c_str();
            write_measures(page, part, node);
        }
        std::ostringstream text;
        document.save(text, " ", pugi::format_indent, pugi::encoding_utf8);
        return text.str();
    }

    static void set(pugi::xml_node parent, const char* name, const std::string& text) {
        parent.append_child(name).text().set(text.c_str());
    }

    void write_head(pugi::xml_node root) const {
        if (!score_.title.empty()) set(root.append_child("work"), "work-title", score_.title);
        pugi::xml_node identification = root.append_child("identification");
        if (!score_.composer.empty()) {
            pugi::xml_node creator = identification.append_child("creator");
            creator.append_attribute("type") = "composer";
            creator.text().set(score_.composer.c_str());
        }
        for (const score::Text& text : score_.texts)
            if (text.kind == score::TextKind::kCopyright) set(identification, "rights", text.text);
        set(identification.append_child("encoding"), "software", "Symphony");
        if (options_.remarks.empty()) return;
        pugi::xml_node fields = identification.append_child("miscellaneous");
        for (std::size_t i = 0; i < options_.remarks.size(); ++i) {
            pugi::xml_node field = fields.append_child("miscellaneous-field");
            field.append_attribute("name") = fmt::format("symphony-{}", i + 1).c_str();
            field.text().set(options_.remarks[i].c_str());
        }
    }

    static void write_part_head(pugi::xml_node list, const WrittenPart& part, int& next_channel) {
        pugi::xml_node node = list.append_child("score-part");
        node.append_attribute("id") = part.id.c_str();
        set(node, "part-name", part.part->name);
        const score::Part& head = *part.part->head;
        std::set<int> pitches{0};
        if (part.part->is_drums) {
            pitches.clear();
            for (const StaffNote& note : part.part->staves.front().notes)
                pitches.insert(note.pitch);
        }
        for (const int pitch : pitches) {
            pugi::xml_node instrument = node.append_child("score-instrument");
            instrument.append_attribute("id") = instrument_id(part, pitch).c_str();
            set(instrument, "instrument-name",
                std::string(part.part->is_drums ? drum_name(pitch)
                                                : score::program_name(head.program)));
        }
        int channel = head.channel.value_or(static_cast<std::uint8_t>(next_channel));
        if (!part.part->is_drums && channel == 9) channel = 10;
        if (part.part->is_drums) channel = 9;
        if (!part.part->is_drums) next_channel = (channel + 1) % 16 == 9 ? 10 : (channel + 1) % 16;
        for (const int pitch : pitches) {
            pugi::xml_node midi = node.append_child("midi-instrument");
            midi.append_attribute("id") = instrument_id(part, pitch).c_str();
            set(midi, "midi-channel", std::to_string(channel + 1));
            if (head.bank > 0) set(midi, "midi-bank", std::to_string(head.bank + 1));
            set(midi, "midi-program", std::to_string(head.program + 1));
            if (part.part->is_drums) set(midi, "midi-unpitched", std::to_string(pitch + 1));
            write_mix(midi, head);
        }
    }

    // Volume in percent and pan in degrees, of the controls that open the part.
    static void write_mix(pugi::xml_node midi, const score::Part& head) {
        std::optional<int> volume, pan;
        for (const score::ControlChange& control : head.controls) {
            if (control.onset > score::Ticks(0)) break;
            if (control.controller == 7) volume = control.value;
            if (control.controller == 10) pan = control.value;
        }
        if (volume) set(midi, "volume", fmt::format("{:.3f}", *volume / 1.27));
        if (pan)
            set(midi, "pan", fmt::format("{:.3f}", (*pan - 64) * 90.0 / (*pan < 64 ? 64 : 63)));
    }

    Quantised quantised_;
    score::Score& score_;
    const NotationOptions& options_;
    std::vector<NotatedPart> parts_;
    std::vector<WrittenPart> written_;
    std::vector<Diagnostic> diagnostics_;
    std::uint64_t irregular_ = 0, lyrics_lost_ = 0;
};

}  // namespace

base::Result<MusicXmlText> format_musicxml(const score::Score& score,
                                           const NotationOptions& options) {
    if (score.note_count() == 0)
        return base::Error(base::ErrorKind::kInput, "a score without notes cannot be engraved");
    if (score::bars_of(score).size() * score.parts.size() > kMaxBarsOfAllParts)
        return base::Error(base::ErrorKind::kInput,
                           "more than 4,000,000 bars in all parts cannot be engraved");
    return Writer(score, options).write();
}

std::vector<Diagnostic> write_musicxml_file(const std::filesystem::path& path,
                                            const score::Score& score,
                                            const NotationOptions& options) {
    base::Result<MusicXmlText> result = format_musicxml(score, options);
    if (!result.ok()) {
        base::Error error = result.error();
        error.path = path.string();
        throw error;
    }
    const bool is_zipped = base::to_lower(path.extension().string()) == ".mxl";
    const std::string& text = result.value().text;
    base::write_file_atomically(path, is_zipped ? pack_score(text) : text);
    return std::move(result.value().diagnostics);
}

}  // namespace symphony::io
