// Measures and bar lines of one part. Source: MusicXML 4.0 (score.mod, barline.mod).
#include "symphony/io/musicxml_measure.h"

#include "symphony/io/musicxml_values.h"

#include <algorithm>
#include <cmath>

namespace symphony::io::musicxml {
PartReader::PartReader(RawScore& raw, int part, const std::vector<Instrument>& instruments,
                       IssueLog& log)
    : raw_(raw), part_(part), instruments_(instruments), log_(log) {}

void PartReader::read_measure(const pugi::xml_node& node, int index) {
    index_ = index;
    cursor_ = 0;
    chord_onset_ = -1;
    tied_graces_.clear();
    const std::string_view implicit = node.attribute("implicit").value();
    if (implicit == "yes") measure().implicit = true;
    for (auto child = node.first_child(); child; child = child.next_sibling()) {
        const std::string_view name = child.name();
        if (name == "note") {
            read_note(child);
        } else if (name == "backup" || name == "forward") {
            const auto duration = parse_decimal(text_of(child.child("duration")));
            if (!duration || *duration < 0) {
                log_.add(Issue::kBadNumber, child, part_);
                continue;
            }
            const std::int64_t units = units_of(*duration);
            move_cursor(name == "backup" ? -units : units, child);
            if (name == "forward") measure().notes_end = std::max(measure().notes_end, cursor_);
            chord_onset_ = -1;
        } else if (name == "attributes") {
            read_attributes(child);
        } else if (name == "direction") {
            read_direction(child);
        } else if (name == "sound") {
            read_sound(child, here());
        } else if (name == "barline") {
            read_barline(child);
        }
    }
}

std::int64_t PartReader::units_of(double divisions) const {
    const double per_quarter = divisions_ > 0 ? divisions_ : kAssumedDivisions;
    const double limit = static_cast<double>(raw_.resolution) * kMaxMeasureQuarters;
    const double units = divisions * static_cast<double>(raw_.resolution) / per_quarter;
    return std::llround(std::clamp(units, -limit, limit));
}

void PartReader::move_cursor(std::int64_t by, const pugi::xml_node& node) {
    const std::int64_t limit = raw_.resolution * kMaxMeasureQuarters;
    cursor_ += by;
    if (cursor_ < 0) {
        log_.add(Issue::kBackupBeforeStart, node, part_);
        cursor_ = 0;
    } else if (cursor_ > limit) {
        log_.add(Issue::kMeasureTooLong, node, part_);
        cursor_ = limit;
    }
}

void PartReader::read_barline(const pugi::xml_node& node) {
    const std::string_view location = node.attribute("location").value();
    Barline& line = location == "left" ? measure().left : measure().right;
    for (auto child = node.first_child(); child; child = child.next_sibling()) {
        const std::string_view name = child.name();
        if (name == "bar-style") {
            const std::string_view style = text_of(child);
            if (style.rfind("light-", 0) == 0 || style.rfind("heavy-", 0) == 0)
                line.ends_section = true;
        } else if (name == "repeat") {
            const std::string_view direction = child.attribute("direction").value();
            if (direction == "forward") line.repeat_forward = true;
            if (direction == "backward") line.repeat_backward = true;
            const long times = parse_integer(child.attribute("times").value()).value_or(2);
            line.times = static_cast<int>(std::clamp<long>(times, 1, 16));
        } else if (name == "ending") {
            const std::string_view type = child.attribute("type").value();
            if (type != "start") {
                line.ending_stops = true;
                continue;
            }
            line.ending.clear();
            int number = 0;
            const std::string_view numbers = child.attribute("number").value();
            for (const char c : numbers) {
                if (c >= '0' && c <= '9') {
                    number = std::min(number * 10 + (c - '0'), 99);
                } else {
                    if (number > 0) line.ending.push_back(number);
                    number = 0;
                }
            }
            if (number > 0) line.ending.push_back(number);
            if (line.ending.empty()) line.ending.push_back(1);
        } else if (name == "fermata") {
            line.has_fermata = true;
        }
    }
}

}  // namespace symphony::io::musicxml
