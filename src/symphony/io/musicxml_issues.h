// What was found wrong or left out in a MusicXML file: one coded, counted line per kind and part.
#pragma once

#include "symphony/io/score_file.h"

#include <pugixml.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace symphony::io::musicxml {

// XML001 to XML010: the file is refused. XML1xx: repaired. XML2xx: well formed, but left out or
// worth knowing; the grade stays clean.
enum class Issue {
    kNotMusicXml,
    kMalformed,
    kZipDamaged,
    kZipWithoutScore,
    kTooLarge,
    kNotAScore,
    kTooDeep,
    kTooManyNotes,
    kContainerMissing,
    kTruncated,
    kDivisionsMissing,
    kBadNumber,
    kBackupBeforeStart,
    kChordWithoutNote,
    kNoteWithoutLength,
    kLengthFromType,
    kPitchMissing,
    kPitchOutOfRange,
    kMeasureTooLong,
    kMeasureCountDiffers,
    kPartUndeclared,
    kBadMeter,
    kBadKey,
    kBadTempo,
    kTimesRounded,
    kZipChecksum,
    kGraceSkipped,
    kCueSkipped,
    kTieUnmatched,
    kBarOverfull,
    kMicrotoneRounded,
    kDrumGuessed,
    kPartEmpty,
    kRepeatsCut,
    kMeterInsideBar,
};

std::string_view issue_code(Issue issue);  // "XML101"
std::string_view issue_name(Issue issue);  // "container-missing"

// A refusal: "XML002 xml-malformed: DETAIL" at `offset`.
base::Error refusal(Issue issue, const std::string& path, const std::string& detail,
                    std::uint64_t offset);

class IssueLog {
  public:
    // `part` counts from 0, -1 for the file as a whole. `where` gives the byte offset in the XML
    // text.
    void add(Issue issue, const pugi::xml_node& where, int part = -1);
    void add(Issue issue, std::uint64_t offset = 0, int part = -1);

    bool any_repair() const;
    // By place in the file; the detail says how often.
    std::vector<Diagnostic> diagnostics(std::uint64_t max_diagnostics) const;

  private:
    struct Count {
        std::uint64_t first_offset = 0;
        std::uint64_t times = 0;
    };
    std::map<std::pair<int, Issue>, Count> counts_;
};

}  // namespace symphony::io::musicxml
