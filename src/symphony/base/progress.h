// Progress of long work, on standard error only: a bar on a terminal, one plain line every few
// seconds elsewhere, JSON lines on request, or nothing. Libraries get a Progress& and never print
// themselves.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace symphony::base {

class Progress {
  public:
    virtual ~Progress() = default;
    // Starts a stage of `total` steps (0: unknown), ending the one before.
    virtual void begin(const std::string& stage, std::int64_t total) = 0;
    // `done` steps so far; `detail` is a short text such as "loss 2.31". May be called often and
    // from any thread.
    virtual void update(std::int64_t done, const std::string& detail = {}) = 0;
    // A line that stays, above the bar.
    virtual void note(const std::string& line) = 0;
    // Ends the stage; erases the bar.
    virtual void end() = 0;
};

enum class ProgressStyle { kAuto, kBar, kPlain, kJson, kNone };

// kAuto: a bar if standard error is a terminal, else plain lines.
std::unique_ptr<Progress> make_progress(ProgressStyle style);

// Shows nothing: for libraries' default arguments and tests.
Progress& silent_progress();

}  // namespace symphony::base
