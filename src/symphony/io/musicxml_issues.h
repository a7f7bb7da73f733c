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

// Of every format, 001 to 010: the file is refused. 1xx: repaired. 2xx: well formed, but left out
// or worth knowing; the grade stays clean. 3xx: said of what was written.
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
    // Of the writer: what notation could not hold as it was.
    kNotationQuantised,
    kValueIrregular,
    kKeyEstimated,
    kLyricWithoutNote,
    // ABC, whose music is laid out as that of MusicXML is.
    kNotAbc,
    kAbcNoTune,
    kAbcBadField,
    kAbcUnknownSymbol,
    kAbcCut,
    kAbcPartOrderUnclear,
    kAbcUnknownChord,
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

// `file` with the findings of `log` and the grade that follows from them; strict refuses what needs
// a repair.
base::Result<ScoreFile> graded(ScoreFile file, const IssueLog& log, const ReadOptions& options,
                               const std::string& name);

}  // namespace symphony::io::musicxml
