// Divisions, key, metre and transposition of one part. Source: MusicXML 4.0 (attributes.mod).
#include "symphony/io/musicxml_measure.h"
#include "symphony/io/musicxml_values.h"

#include <algorithm>
#include <cmath>

namespace symphony::io::musicxml {
namespace {

score::Key transposed_key(int fifths, bool minor, int semitones) {
    int sharps = fifths + 7 * (semitones % 12);
    while (sharps > 7) sharps -= 12;
    while (sharps < -7) sharps += 12;
    if (sharps == 7 && fifths != 7) sharps = -5;
    if (sharps == -7 && fifths != -7) sharps = 5;
    return {static_cast<std::int8_t>(sharps), minor};
}

}  // namespace

void PartReader::read_attributes(const pugi::xml_node& node) {
    for (auto child = node.first_child(); child; child = child.next_sibling()) {
        const std::string_view name = child.name();
        if (name == "divisions") {
            const auto divisions = parse_decimal(text_of(child));
            if (divisions && *divisions > 0)
                divisions_ = *divisions;
            else
                log_.add(Issue::kBadNumber, child, part_);
        } else if (name == "key") {
            read_key(child);
        } else if (name == "time") {
            read_time(child);
        } else if (name == "staves") {
            const long staves = parse_integer(text_of(child)).value_or(1);
            part().staves = static_cast<int>(std::clamp<long>(staves, 1, kMaxStaves));
        } else if (name == "transpose") {
            read_transpose(child);
        }
    }
}

void PartReader::read_key(const pugi::xml_node& node) {
    const long staff = parse_integer(node.attribute("number").value()).value_or(1);
    if (staff != 1) return;
    const auto fifths_node = node.child("fifths");
    if (!fifths_node) {  // a non-traditional key: steps and alterations one by one
        log_.add(Issue::kBadKey, node, part_);
        return;
    }
    const auto fifths = parse_integer(text_of(fifths_node));
    if (!fifths || *fifths < -7 || *fifths > 7) {
        log_.add(Issue::kBadKey, node, part_);
        return;
    }
    const std::string_view mode = text_of(node.child("mode"));
    const bool minor = mode == "minor" || mode == "aeolian";
    // <transpose> stands behind <key> in the same <attributes>.
    if (const auto transpose = node.parent().child("transpose")) read_transpose(transpose);
    part().keys.push_back(
        {here(), transposed_key(static_cast<int>(*fifths), minor, transposition_[1])});
}

void PartReader::read_time(const pugi::xml_node& node) {
    const long staff = parse_integer(node.attribute("number").value()).value_or(1);
    if (staff != 1) return;
    if (node.child("senza-misura")) {
        measure().meter_is_free = true;
        return;
    }
    // Several pairs (3/8 + 2/4) and sums (3+2) make one meter over the smallest unit.
    long numerator = 0, denominator = 1;
    for (auto beats = node.child("beats"); beats; beats = beats.next_sibling("beats")) {
        long sum = 0;
        std::string_view text = text_of(beats);
        while (!text.empty()) {
            const auto plus = text.find('+');
            const auto term = parse_integer(text.substr(0, plus));
            if (!term || *term < 1 || *term > 255) {
                sum = -1;
                break;
            }
            sum += *term;
            text = plus == std::string_view::npos ? std::string_view() : text.substr(plus + 1);
        }
        const long unit = parse_integer(text_of(beats.next_sibling("beat-type"))).value_or(0);
        const bool is_power_of_two = unit >= 1 && unit <= 128 && (unit & (unit - 1)) == 0;
        if (sum < 1 || !is_power_of_two) {
            log_.add(Issue::kBadMeter, node, part_);
            return;
        }
        const long finer = std::max(denominator, unit);
        numerator = numerator * (finer / denominator) + sum * (finer / unit);
        denominator = finer;
    }
    if (numerator < 1 || numerator > 255) {
        log_.add(Issue::kBadMeter, node, part_);
        return;
    }
    if (cursor_ != 0) log_.add(Issue::kMeterInsideBar, node, part_);
    measure().meter =
        score::Meter{static_cast<std::uint8_t>(numerator), static_cast<std::uint8_t>(denominator)};
}

void PartReader::read_transpose(const pugi::xml_node& node) {
    const long chromatic = parse_integer(text_of(node.child("chromatic"))).value_or(0);
    const long octaves = parse_integer(text_of(node.child("octave-change"))).value_or(0);
    if (std::abs(chromatic) > 127 || std::abs(octaves) > 10) {
        log_.add(Issue::kBadNumber, node, part_);
        return;
    }
    const int semitones = static_cast<int>(chromatic + 12 * octaves);
    const long staff = parse_integer(node.attribute("number").value()).value_or(0);
    if (staff >= 1 && staff <= kMaxStaves)
        transposition_[static_cast<std::size_t>(staff)] = semitones;
    else
        transposition_.fill(semitones);
    if (semitones % 12 != 0) part().is_transposed = true;
}

}  // namespace symphony::io::musicxml
