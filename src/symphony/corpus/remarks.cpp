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

// Remarks of one report, in the order in which they are added.
class Remarks {
  public:
    void add(std::string code, std::string text, bool limit, std::vector<std::string> ids = {}) {
        list.push_back({std::move(code), std::move(text), limit, std::move(ids)});
    }
    std::vector<Remark> list;
};

// Remarks on all pieces that pass a test. The rules are stated once; pieces are then held against
// them one by one.
class PieceRules {
  public:
    using Test = std::function<bool(const PieceStatistics&)>;

    // If any piece passes the test: `before`, "N of M files", `after`.
    void add_where(std::string code, bool limit, std::string before, std::string after, Test test) {
        rules_.push_back({{std::move(code), {}, limit, {}},
                          std::move(before),
                          std::move(after),
                          std::move(test)});
    }
    void hold_against(const PieceStatistics& piece) {
        ++pieces_;
        for (Rule& rule : rules_)
            if (rule.test(piece)) rule.remark.pieces.push_back(piece.summary.id);
    }
    void finish(Remarks& remarks) const {
        for (const Rule& rule : rules_) {
            const auto& ids = rule.remark.pieces;
            if (ids.empty()) continue;
            remarks.add(
                rule.remark.code,
                fmt::format("{}{} of {} files{}", rule.before, ids.size(), pieces_, rule.after),
                rule.remark.limit, ids);
        }
    }

  private:
    struct Rule {
        Remark remark;  // its text is made at the end
        std::string before, after;
        Test test;
    };
    std::vector<Rule> rules_;
    std::size_t pieces_ = 0;
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

void remark_on_time(PieceRules& remarks) {
    remarks.add_where("free-timing", true, "onsets of ",
                      " do not follow their beats: bars and "
                      "rhythm cannot be learned from them; prepare --timing free keeps their time "
                      "as it was played",
                      [](const PieceStatistics& p) { return p.on_grid_share < kFollowsBeats; });
    remarks.add_where(
        "shifted-bars", true, "bar lines lie off the strong beats in ",
        " (an upbeat that the file does not mark?): metre is learned wrongly from them unless "
        "prepare --mend-bars or repair --bars moves them",
        [](const PieceStatistics& p) { return !p.bar_fault.empty() && !is_meter_fault(p); });
    remarks.add_where("wrong-meter", true, "the music is not in 4/4 as written in ",
                      ": metre is learned wrongly from them unless prepare --mend-bars or "
                      "repair --bars sets it",
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

void remark_on_keys(PieceRules& remarks) {
    remarks.add_where("no-key", false, "no key is given in ", ": it is estimated from the notes",
                      [](const PieceStatistics& p) { return !p.summary.key_given; });
    remarks.add_where("doubtful-key", false, "the key given in ", " is far from what the notes say",
                      [](const PieceStatistics& p) {
                          return p.summary.key_given && p.given_key_distance >= kKeyFifthsApart;
                      });
}

void remark_on_parts(PieceRules& remarks) {
    remarks.add_where("constant-velocity", true, "velocity is constant in ",
                      ": dynamics cannot be learned from them",
                      [](const PieceStatistics& p) { return p.distinct_velocities == 1; });
    remarks.add_where("one-part", true, "all notes lie in one part in ",
                      ": how parts play together cannot be learned from them, roles are guessed",
                      [](const PieceStatistics& p) { return p.parts_with_notes == 1; });
}

void remark_on_sameness(const CorpusReport& report, const std::set<std::string>& programs,
                        const std::set<std::string>& meters, Remarks& remarks) {
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

// What each filter would leave out, were it on.
void remark_on_quality(PieceRules& remarks) {
    for (const std::string& name : filter_names()) {
        QualityFilters alone;
        alone.filter = {name};
        remarks.add_where(name, false, "prepare --filter " + name + " would leave out ", "",
                          [alone](const PieceStatistics& p) {
                              return reason_to_leave_out(p.quality, alone).has_value();
                          });
    }
}

}  // namespace

class RemarkCollector::Rules {
  public:
    Rules() {
        remark_on_time(of_time_);
        remark_on_parts(of_parts_);
        remark_on_keys(of_keys_);
        remark_on_quality(of_quality_);
    }
    void hold_against(const PieceStatistics& piece) {
        for (PieceRules* rules : {&of_time_, &of_parts_, &of_keys_, &of_quality_})
            rules->hold_against(piece);
        for (const auto& [name, count] : piece.programs) programs_.insert(name);
        for (const auto& [name, count] : piece.meters) meters_.insert(name);
    }
    std::vector<Remark> finish(const CorpusReport& report) const {
        Remarks remarks;
        remark_on_size(report, remarks);
        of_time_.finish(remarks);
        of_parts_.finish(remarks);
        remark_on_sameness(report, programs_, meters_, remarks);
        of_keys_.finish(remarks);
        of_quality_.finish(remarks);
        return remarks.list;
    }

  private:
    PieceRules of_time_, of_parts_, of_keys_, of_quality_;
    std::set<std::string> programs_, meters_;
};

RemarkCollector::RemarkCollector() : rules_(std::make_unique<Rules>()) {}
RemarkCollector::~RemarkCollector() = default;

void RemarkCollector::add(const PieceStatistics& piece) { rules_->hold_against(piece); }

std::vector<Remark> RemarkCollector::finish(const CorpusReport& report) const {
    return rules_->finish(report);
}

}  // namespace symphony::corpus
