// Collects a reader's findings and decides by the strictness which of them refuses the file.
#pragma once

#include "symphony/io/midi_diagnostics.h"
#include "symphony/io/score_file.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace symphony::io {

class DiagnosticLog {
  public:
    DiagnosticLog(const ReadOptions& options, std::string path)
        : options_(options), path_(std::move(path)) {}

    // Throws base::Error (kInput) "MIDnnn name: detail" if this finding refuses the file.
    // `track` -1: the file as a whole. `times` is for what its finder counts instead of repeating.
    void add(MidiTrouble trouble, std::uint64_t offset, int track, std::string detail = {},
             std::uint64_t times = 1);

    bool strict() const { return options_.strictness == Strictness::kStrict; }
    bool salvage() const { return options_.strictness == Strictness::kSalvage; }

    Grade grade() const { return grade_; }
    // In the order of their offsets; the log is empty afterwards.
    std::vector<Diagnostic> take();

  private:
    ReadOptions options_;
    std::string path_;
    Grade grade_ = Grade::kClean;
    std::vector<Diagnostic> diagnostics_;
    std::uint64_t left_out_ = 0;
};

}  // namespace symphony::io
