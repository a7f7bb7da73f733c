// Small MusicXML scores for tests, written by hand from measures.
#pragma once

#include "symphony/io/musicxml_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace symphony::io {

struct PartXml {
    std::string name = "Voice";
    std::string measures;          // the <measure> elements
    std::string instruments = "";  // inside <score-part>, after the name
};

inline std::string score_xml(const std::vector<PartXml>& parts, const std::string& head = "") {
    std::string list, music;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::string id = "P" + std::to_string(i + 1);
        list += "<score-part id=\"" + id + "\"><part-name>" + parts[i].name + "</part-name>" +
                parts[i].instruments + "</score-part>";
        music += "<part id=\"" + id + "\">" + parts[i].measures + "</part>";
    }
    return "<?xml version=\"1.0\"?>\n<score-partwise version=\"4.0\">" + head + "<part-list>" +
           list + "</part-list>" + music + "</score-partwise>\n";
}

// <attributes> with divisions, meter and further elements.
inline std::string attributes_xml(int divisions, int beats, int beat_type,
                                  const std::string& more = "") {
    return "<attributes><divisions>" + std::to_string(divisions) + "</divisions><time><beats>" +
           std::to_string(beats) + "</beats><beat-type>" + std::to_string(beat_type) +
           "</beat-type></time>" + more + "</attributes>";
}

// "C#4" or "Bb3" or "-" for a rest, with its duration and what else stands in <note>.
inline std::string note_xml(const std::string& pitch, int duration, const std::string& more = "",
                            const std::string& before = "") {
    std::string xml = "<note>" + before;
    if (pitch == "-") {
        xml += "<rest/>";
    } else {
        xml += "<pitch><step>" + pitch.substr(0, 1) + "</step>";
        if (pitch.find('#') != std::string::npos) xml += "<alter>1</alter>";
        if (pitch.find('b') != std::string::npos) xml += "<alter>-1</alter>";
        xml += "<octave>" + pitch.substr(pitch.size() - 1) + "</octave></pitch>";
    }
    return xml + "<duration>" + std::to_string(duration) + "</duration>" + more + "</note>";
}

inline std::string measure_xml(const std::string& content, const std::string& more = "") {
    return "<measure number=\"1\"" + more + ">" + content + "</measure>";
}

inline ScoreFile read_xml(const std::string& xml, const ReadOptions& options = {}) {
    auto file = parse_musicxml(xml, "test.musicxml", options);
    EXPECT_TRUE(file.ok()) << (file.ok() ? "" : file.error().message);
    return file.ok() ? std::move(file).value() : ScoreFile{};
}

// How often the diagnostic `code` was counted, 0 if it is not there.
inline int count_of(const ScoreFile& file, std::string_view code) {
    int count = 0;
    for (const Diagnostic& line : file.diagnostics)
        if (line.code == code) count += std::stoi(line.detail);
    return count;
}

// "onset+duration:pitch" of every note in quarters, in order.
inline std::string notes_text(const score::Score& score, std::size_t part) {
    std::string text;
    const auto quarters = [&](score::Ticks ticks) {
        const double value = static_cast<double>(ticks.value) / score.ticks_per_quarter;
        std::string digits = std::to_string(value);
        while (digits.back() == '0') digits.pop_back();
        if (digits.back() == '.') digits.pop_back();
        return digits;
    };
    for (const score::Note& note : score.parts.at(part).notes) {
        if (!text.empty()) text += ' ';
        text +=
            quarters(note.onset) + "+" + quarters(note.duration) + ":" + std::to_string(note.pitch);
    }
    return text;
}

}  // namespace symphony::io
