#include "symphony/corpus/remarks.h"

#include "symphony/corpus/free_timing.h"
#include "symphony/corpus/split.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

namespace symphony::corpus {
namespace {

// Steps along the circle of fifths between a given key and what the notes say: one or two are a
// matter of opinion (modes, modulations), more may be a mistake.
constexpr int kKeyFifthsApart = 3;
constexpr std::int64_t kFewNotes = 20000;
constexpr double kMidiDefaultTempo = 120;

class Remarks {
  public:
    explicit Remarks(const std::vector<PieceStatistics>& pieces) : pieces_(pieces) {}

    std::vector<std::string> where(const std::function<bool(const PieceStatistics&)>& test) const {
        std::vector<std::string> ids;
        for (const PieceStatistics& piece : pieces_)
            if (test(piece)) ids.push_back(piece.summary.id);
        return ids;
    }

    void add(std::string code, std::string text, bool limit, std::vector<std::string> ids = {}) {
        list.push_back({std::move(code), std::move(text), limit, std::move(ids)});
    }

    // Adds a remark if any piece passes the test; `text` is given "N of M files".
    void add_where(std::string code, bool limit, const std::string& before,
                   const std::string& after,
                   const std::function<bool(const PieceStatistics&)>& test) {
        std::vector<std::string> ids = where(test);
        if (ids.empty()) return;
        std::string text =
            fmt::format("{}{} of {} files{}", before, ids.size(), pieces_.size(), after);
        add(std::move(code), std::move(text), limit, std::move(ids));
    }

    std::vector<Remark> list;

  private:
    const std::vector<PieceStatistics>& pieces_;
};

void remark_on_size(const CorpusReport& report, Remarks& remarks) {
    if (report.pieces < static_cast<std::int64_t>(kFoldsBelowPieces))
        remarks.add("few-pieces",
                    fmt::format("{} pieces are fewer than {}: the data set is split in {} folds, "
                                "and differences between models will seldom be certain",
                                report.pieces, kFoldsBelowPieces, kFolds),
                    true);
    if (report.notes < kFewNotes)
        remarks.add("few-notes",
                    fmt::format("{} notes are fewer than {}: expect models to memorise",
                                report.notes, kFewNotes),
                    true);
    if (report.largest_group * 5 > report.pieces && report.largest_group > 1)
        remarks.add("large-group",
                    fmt::format("{} of {} pieces are related (one work, copies, one tune) and must "
                                "stay in one split",
                                report.largest_group, report.pieces),
                    true);
    if (!report.account.unreadable_folders.empty())
        remarks.add("unreadable-folders",
                    fmt::format("{} folders cannot be read: what they hold is not counted",
                                report.account.unreadable_folders.size()),
                    true);
}

bool is_meter_fault(const PieceStatistics& piece) {
    return piece.bar_fault.starts_with("the music is in");
}

void remark_on_time(Remarks& remarks) {
    remarks.add_where("free-timing", true, "onsets of ",
                      " do not follow their beats: bars and "
                      "rhythm cannot be learned from them",
                      [](const PieceStatistics& p) { return p.on_grid_share < kFollowsBeats; });
    remarks.add_where(
        "shifted-bars", true, "bar lines lie off the strong beats in ",
        " (an upbeat that the file does not mark?): metre is learned wrongly from them unless "
        "repair --bars moves them",
        [](const PieceStatistics& p) { return !p.bar_fault.empty() && !is_meter_fault(p); });
    remarks.add_where("wrong-meter", true, "the music is not in 4/4 as written in ",
                      ": metre is learned wrongly from them unless repair --bars sets "
                      "it",
                      is_meter_fault);
    remarks.add_where("no-tempo", true, "no tempo is given in ",
                      ": speed cannot be learned from "
                      "them",
                      [](const PieceStatistics& p) { return p.tempo.empty(); });
    remarks.add_where("default-tempo", true, "the tempo is 120 throughout, MIDI's default, in ",
                      ": it may mean nothing", [](const PieceStatistics& p) {
                          return p.tempo.size() == 1 && p.tempo.begin()->first == kMidiDefaultTempo;
                      });
    remarks.add_where("no-meter", true, "no metre is given in ", ": 4/4 is assumed",
                      [](const PieceStatistics& p) { return !p.meter_given; });
}

void remark_on_keys(Remarks& remarks) {
    remarks.add_where("no-key", false, "no key is given in ", ": it is estimated from the notes",
                      [](const PieceStatistics& p) { return !p.summary.key_given; });
    remarks.add_where("doubtful-key", false, "the key given in ", " is far from what the notes say",
                      [](const PieceStatistics& p) {
                          return p.summary.key_given && p.given_key_distance >= kKeyFifthsApart;
                      });
}

void remark_on_parts(const CorpusReport& report, const std::vector<PieceStatistics>& pieces,
                     Remarks& remarks) {
    remarks.add_where("constant-velocity", true, "velocity is constant in ",
                      ": dynamics cannot be learned from them",
                      [](const PieceStatistics& p) { return p.distinct_velocities == 1; });
    remarks.add_where("one-part", true, "all notes lie in one part in ",
                      ": how parts play together cannot be learned from them, roles are guessed",
                      [](const PieceStatistics& p) { return p.parts_with_notes == 1; });
    std::set<std::string> programs, meters;
    for (const PieceStatistics& piece : pieces) {
        for (const auto& [name, count] : piece.programs) programs.insert(name);
        for (const auto& [name, count] : piece.meters) meters.insert(name);
    }
    if (programs.size() == 1)
        remarks.add("one-instrument",
                    fmt::format("every note is for one instrument ({}): instrumentation cannot be "
                                "learned",
                                *programs.begin()),
                    true);
    if (meters.size() == 1)
        remarks.add(
            "one-meter",
            fmt::format("every bar is in {}: other metres cannot be learned", *meters.begin()),
            true);
    if (report.drum_notes == 0)
        remarks.add("no-drums", "there are no drums: they cannot be learned", false);
}

}  // namespace

std::vector<Remark> remarks_on(const CorpusReport& report,
                               const std::vector<PieceStatistics>& pieces) {
    Remarks remarks(pieces);
    remark_on_size(report, remarks);
    remark_on_time(remarks);
    remark_on_parts(report, pieces, remarks);
    remark_on_keys(remarks);
    return remarks.list;
}

}  // namespace symphony::corpus
