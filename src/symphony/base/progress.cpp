#include "symphony/base/progress.h"

#include "symphony/base/json_line.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <mutex>

namespace symphony::base {
namespace {

using Clock = std::chrono::steady_clock;

std::string format_seconds(double seconds) {
    const auto whole = static_cast<long>(seconds + 0.5);
    if (whole >= 3600)
        return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
    return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

// What all styles share: the stage, its clock, and how often to speak.
class TimedProgress : public Progress {
  public:
    explicit TimedProgress(std::chrono::milliseconds interval) : interval_(interval) {}

    void begin(const std::string& stage, std::int64_t total) override {
        const std::lock_guard lock(mutex_);
        stage_ = stage;
        total_ = total;
        done_ = 0;
        detail_.clear();
        started_ = last_shown_ = Clock::now();
        show_begin();
    }

    void update(std::int64_t done, const std::string& detail) override {
        const std::lock_guard lock(mutex_);
        done_ = std::max(done_, done);
        if (!detail.empty()) detail_ = detail;
        const auto now = Clock::now();
        if (now - last_shown_ < interval_) return;
        last_shown_ = now;
        show();
    }

    void note(const std::string& line) override {
        const std::lock_guard lock(mutex_);
        show_note(line);
    }

    void end() override {
        const std::lock_guard lock(mutex_);
        if (!stage_.empty()) show_end();
        stage_.clear();
    }

  protected:
    virtual void show_begin() {}
    virtual void show() = 0;
    virtual void show_note(const std::string& line) = 0;
    virtual void show_end() {}

    double elapsed_seconds() const {
        return std::chrono::duration<double>(Clock::now() - started_).count();
    }
    // -1 while it cannot be told.
    double eta_seconds() const {
        if (total_ <= 0 || done_ <= 0) return -1;
        return elapsed_seconds() * static_cast<double>(total_ - done_) / static_cast<double>(done_);
    }

    std::string stage_, detail_;
    std::int64_t total_ = 0, done_ = 0;

  private:
    std::chrono::milliseconds interval_;
    Clock::time_point started_, last_shown_;
    std::mutex mutex_;
};

class BarProgress : public TimedProgress {
  public:
    BarProgress() : TimedProgress(std::chrono::milliseconds(100)) {}
    ~BarProgress() override { erase(); }

  protected:
    void show_begin() override { show(); }
    void show() override {
        std::string line = stage_;
        if (total_ > 0) {
            constexpr int kWidth = 24;
            const int filled = static_cast<int>(kWidth * std::min(done_, total_) / total_);
            for (int i = 0; i < kWidth; ++i)
                line += i == 0       ? " [" + std::string(i < filled ? "#" : "-")
                        : i < filled ? "#"
                                     : "-";
            line += fmt::format("] {}/{}", done_, total_);
        } else if (done_ > 0) {
            line += fmt::format(" {}", done_);
        }
        line += " " + format_seconds(elapsed_seconds());
        if (const double eta = eta_seconds(); eta >= 0)
            line += ", " + format_seconds(eta) + " left";
        if (!detail_.empty()) line += "  " + detail_;
        winsize window{};
        const std::size_t columns =
            ioctl(STDERR_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col ? window.ws_col : 80;
        if (line.size() >= columns) line.resize(columns - 1);
        fmt::print(stderr, "\r\x1b[K{}", line);
        std::fflush(stderr);
        drawn_ = true;
    }
    void show_note(const std::string& line) override {
        erase();
        fmt::print(stderr, "{}\n", line);
        if (!stage_.empty()) show();
    }
    void show_end() override { erase(); }

  private:
    void erase() {
        if (drawn_) fmt::print(stderr, "\r\x1b[K");
        std::fflush(stderr);
        drawn_ = false;
    }
    bool drawn_ = false;
};

class PlainProgress : public TimedProgress {
  public:
    PlainProgress() : TimedProgress(std::chrono::seconds(5)) {}

  protected:
    void show() override {
        std::string line = stage_;
        if (total_ > 0)
            line += fmt::format(" {}/{}", done_, total_);
        else if (done_ > 0)
            line += fmt::format(" {}", done_);
        if (const double eta = eta_seconds(); eta >= 0)
            line += ", " + format_seconds(eta) + " left";
        if (!detail_.empty()) line += "  " + detail_;
        show_note(line);
    }
    void show_note(const std::string& line) override {
        fmt::print(stderr, "{}\n", line);
        std::fflush(stderr);
    }
};

class JsonProgress : public TimedProgress {
  public:
    JsonProgress() : TimedProgress(std::chrono::milliseconds(500)) {}

  protected:
    void show_begin() override { show(); }
    void show() override {
        Json json{{"stage", stage_},
                  {"done", done_},
                  {"total", total_},
                  {"elapsed_s", elapsed_seconds()}};
        if (const double eta = eta_seconds(); eta >= 0) json["eta_s"] = eta;
        if (!detail_.empty()) json["detail"] = detail_;
        write(json);
    }
    void show_note(const std::string& line) override { write(Json{{"note", line}}); }
    void show_end() override { show(); }

  private:
    static void write(const Json& json) {
        fmt::print(stderr, "{}\n", json_line(json));
        std::fflush(stderr);
    }
};

class SilentProgress : public Progress {
  public:
    void begin(const std::string&, std::int64_t) override {}
    void update(std::int64_t, const std::string&) override {}
    void note(const std::string&) override {}
    void end() override {}
};

}  // namespace

std::unique_ptr<Progress> make_progress(ProgressStyle style) {
    if (style == ProgressStyle::kAuto)
        style = isatty(STDERR_FILENO) ? ProgressStyle::kBar : ProgressStyle::kPlain;
    switch (style) {
        case ProgressStyle::kBar:
            return std::make_unique<BarProgress>();
        case ProgressStyle::kPlain:
            return std::make_unique<PlainProgress>();
        case ProgressStyle::kJson:
            return std::make_unique<JsonProgress>();
        default:
            return std::make_unique<SilentProgress>();
    }
}

Progress& silent_progress() {
    static SilentProgress silent;
    return silent;
}

}  // namespace symphony::base
