#include "symphony/io/diagnostic_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace symphony::io {

void DiagnosticLog::add(MidiTrouble trouble, std::uint64_t offset, int track, std::string detail,
                        std::uint64_t times) {
    const DiagnosticKind& kind = diagnostic_kind(trouble);
    const bool refused = kind.severity == Severity::kRefusal ||
                         (kind.severity == Severity::kSalvage && !salvage()) ||
                         (kind.severity == Severity::kRepair && strict());
    if (refused) {
        std::string message = fmt::format("{} {}: {}", kind.code, kind.name,
                                          detail.empty() ? std::string(kind.meaning) : detail);
        if (track >= 0) message += fmt::format(" (track {})", track);
        base::Error error(base::ErrorKind::kInput, std::move(message), path_);
        if (kind.severity == Severity::kRepair)
            error.hint = "read it with repair instead of strict";
        else if (kind.severity == Severity::kSalvage)
            error.hint = "salvage reads what is left of it";
        error.offset = offset;
        throw error;
    }
    if (kind.severity == Severity::kRepair && grade_ == Grade::kClean) grade_ = Grade::kRepaired;
    if (kind.severity == Severity::kSalvage) grade_ = Grade::kSalvaged;
    if (diagnostics_.size() >= options_.max_diagnostics) {
        left_out_ += times;
        return;
    }
    if (times > 1) detail += fmt::format("{}{} times", detail.empty() ? "" : ", ", times);
    diagnostics_.push_back(
        {std::string(kind.code), std::string(kind.name), offset, track, std::move(detail)});
}

std::vector<Diagnostic> DiagnosticLog::take() {
    std::stable_sort(diagnostics_.begin(), diagnostics_.end(),
                     [](const Diagnostic& a, const Diagnostic& b) { return a.offset < b.offset; });
    if (left_out_ > 0 && !diagnostics_.empty()) {
        std::string& detail = diagnostics_.back().detail;
        detail += fmt::format("{}and {} more findings", detail.empty() ? "" : ", ", left_out_);
    }
    left_out_ = 0;
    return std::exchange(diagnostics_, {});
}

}  // namespace symphony::io
