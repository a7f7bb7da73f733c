// The table of MusicXML diagnostics and their counting. Source: own.
#include "symphony/io/musicxml_issues.h"

#include <algorithm>
#include <iterator>

namespace symphony::io::musicxml {
namespace {

struct IssueText {
    const char* code;
    const char* name;
};

// In the order of Issue.
constexpr IssueText kIssueTexts[] = {
    {"XML001", "not-musicxml"},
    {"XML002", "xml-malformed"},
    {"XML003", "zip-damaged"},
    {"XML004", "zip-without-score"},
    {"XML005", "too-large"},
    {"XML006", "not-a-score"},
    {"XML007", "too-deep"},
    {"XML008", "too-many-notes"},
    {"XML101", "container-missing"},
    {"XML102", "truncated"},
    {"XML103", "divisions-missing"},
    {"XML104", "bad-number"},
    {"XML105", "backup-before-bar"},
    {"XML106", "chord-without-note"},
    {"XML107", "note-without-length"},
    {"XML108", "length-from-type"},
    {"XML109", "pitch-missing"},
    {"XML110", "pitch-out-of-range"},
    {"XML111", "bar-too-long"},
    {"XML112", "bar-count-differs"},
    {"XML113", "part-undeclared"},
    {"XML114", "bad-meter"},
    {"XML115", "bad-key"},
    {"XML116", "bad-tempo"},
    {"XML117", "times-rounded"},
    {"XML118", "zip-checksum"},
    {"XML201", "grace-skipped"},
    {"XML202", "cue-skipped"},
    {"XML203", "tie-unmatched"},
    {"XML204", "bar-overfull"},
    {"XML205", "microtone-rounded"},
    {"XML206", "drum-guessed"},
    {"XML207", "part-empty"},
    {"XML208", "repeats-cut"},
    {"XML209", "meter-inside-bar"},
    {"XML301", "notation-quantised"},
    {"XML302", "value-irregular"},
    {"XML303", "key-estimated"},
    {"XML304", "lyric-without-note"},
    {"ABC001", "not-abc"},
    {"ABC002", "no-tune"},
    {"ABC101", "bad-field"},
    {"ABC102", "unknown-symbol"},
    {"ABC103", "cut"},
    {"ABC201", "part-order-unclear"},
    {"ABC202", "unknown-chord"},
};
static_assert(std::size(kIssueTexts) == static_cast<std::size_t>(Issue::kAbcUnknownChord) + 1);

bool is_repair(std::string_view code) { return code[3] == '1'; }

}  // namespace

std::string_view issue_code(Issue issue) { return kIssueTexts[static_cast<int>(issue)].code; }
std::string_view issue_name(Issue issue) { return kIssueTexts[static_cast<int>(issue)].name; }

base::Error refusal(Issue issue, const std::string& path, const std::string& detail,
                    std::uint64_t offset) {
    std::string message{issue_code(issue)};
    message.append(" ").append(issue_name(issue)).append(": ").append(detail);
    base::Error error(base::ErrorKind::kInput, std::move(message), path);
    error.offset = offset;
    return error;
}

void IssueLog::add(Issue issue, const pugi::xml_node& where, int part) {
    const auto offset = where.offset_debug();
    add(issue, offset < 0 ? 0 : static_cast<std::uint64_t>(offset), part);
}

void IssueLog::add(Issue issue, std::uint64_t offset, int part) {
    auto [at, is_new] = counts_.try_emplace({part, issue});
    if (is_new) at->second.first_offset = offset;
    ++at->second.times;
}

bool IssueLog::any_repair() const {
    return std::any_of(counts_.begin(), counts_.end(),
                       [](const auto& entry) { return is_repair(issue_code(entry.first.second)); });
}

std::vector<Diagnostic> IssueLog::diagnostics(std::uint64_t max_diagnostics) const {
    std::vector<Diagnostic> list;
    for (const auto& [key, count] : counts_) {
        Diagnostic line;
        line.code = issue_code(key.second);
        line.name = issue_name(key.second);
        line.offset = count.first_offset;
        line.track = key.first;
        line.detail = std::to_string(count.times) + (count.times == 1 ? " time" : " times");
        list.push_back(std::move(line));
    }
    std::stable_sort(list.begin(), list.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.offset < b.offset; });
    if (list.size() > max_diagnostics) {
        const std::size_t dropped = list.size() - max_diagnostics;
        list.resize(max_diagnostics);
        if (!list.empty()) list.back().detail += ", and " + std::to_string(dropped) + " more kinds";
    }
    return list;
}

base::Result<ScoreFile> graded(ScoreFile file, const IssueLog& log, const ReadOptions& options,
                               const std::string& name) {
    file.diagnostics = log.diagnostics(options.max_diagnostics);
    if (!log.any_repair()) return file;
    file.grade = Grade::kRepaired;
    if (options.strictness != Strictness::kStrict) return file;
    const auto line = std::find_if(file.diagnostics.begin(), file.diagnostics.end(),
                                   [](const Diagnostic& found) { return is_repair(found.code); });
    if (line == file.diagnostics.end()) return file;
    base::Error error(base::ErrorKind::kInput, line->code + " " + line->name + ": not well formed",
                      name, "read it with repairs to go on");
    error.offset = line->offset;
    return error;
}

}  // namespace symphony::io::musicxml
