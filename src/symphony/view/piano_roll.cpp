// Source: own. Notes are strokes (width: the row), which makes a note a dozen bytes. Roles differ
// in shape as well as colour, for black-and-white print: melody has round ends, bass is square,
// harmony is thinner, drums are diamonds.
#include "symphony/view/piano_roll.h"

#include "symphony/base/text.h"
#include "symphony/score/pitch_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

namespace symphony::view {
namespace {

using score::Ticks;

constexpr double kPitchNames = 44, kDrumNames = 68, kRight = 10, kBarNumbers = 15, kLineGap = 16,
                 kDrumRow = 8;

std::string number(double value) {
    std::string text = fmt::format("{:.1f}", value);
    if (text.ends_with(".0")) text.resize(text.size() - 2);
    return text == "-0" ? "0" : text;
}

std::string escape(std::string_view text) { return base::escape_xml(base::to_utf8(text)); }

// A run of bars drawn as one line.
struct Line {
    Ticks begin, end;
    std::size_t first_bar = 0, last_bar = 0;  // [first, last)
};

struct Lane {
    score::Role role;
    int nth = 0;   // among the parts of this role
    int loudness;  // 0 soft, 1 middle, 2 loud
    auto operator<=>(const Lane&) const = default;
};

class Roll {
  public:
    Roll(const score::Score& score, const RollOptions& options)
        : score_(score), options_(options), bars_(score::bars_of(score)) {
        choose_bars();
        choose_pitches();
        choose_lanes();
        break_lines();
    }

    // Draws at y = 0; height() is known afterwards.
    std::string draw() {
        double y = draw_heading();
        for (const Line& line : lines_) {
            draw_line(line, y);
            y += kBarNumbers + rolls_height() + drums_height() + kLineGap;
        }
        height_ = lines_.empty() ? y : y - kLineGap + 6;
        return std::move(out_);
    }
    double height() const { return height_; }

  private:
    std::string color_of(std::string_view name) const { return paint(color(name), options_.dress); }

    void choose_bars() {
        const auto count = bars_.size();
        first_bar_ =
            std::min<std::size_t>(static_cast<std::size_t>(std::max(0, options_.first_bar)), count);
        last_bar_ = options_.bars > 0
                        ? std::min(count, first_bar_ + static_cast<std::size_t>(options_.bars))
                        : count;
        if (first_bar_ < last_bar_) {
            begin_ = bars_[first_bar_].onset;
            end_ = bars_[last_bar_ - 1].onset + bars_[last_bar_ - 1].length;
        }
        const double tpq = score_.ticks_per_quarter;
        // An upbeat is bar 0, as musicians count.
        if (!bars_.empty()) {
            const auto& meter = bars_[0].meter;
            const double nominal = tpq * 4 * meter.numerator / meter.denominator;
            first_number_ = static_cast<double>(bars_[0].length.value) < nominal - 0.5 ? 0 : 1;
        }
    }

    void choose_pitches() {
        PitchRange range = options_.range.value_or(pitch_range(score_));
        if (!options_.range) range = {range.low - 2, range.high + 2};
        while (range.high - range.low < 23) {
            range.low = std::max(0, range.low - 1);
            range.high = std::min(127, range.high + 1);
        }
        low_ = std::max(0, range.low);
        high_ = std::min(127, range.high);
        row_ = std::clamp(options_.roll_height_px / (high_ - low_ + 1), 4.2, 9.0);
    }

    void choose_lanes() {
        std::map<score::Role, int> seen;
        bool any_pitched = false;
        for (const score::Part& part : score_.parts) {
            nth_of_part_.push_back(part.notes.empty() ? 0 : seen[part.role]++);
            any_pitched = any_pitched || (!part.is_drums && !part.notes.empty());
            if (part.is_drums)
                for (const score::Note& note : part.notes)
                    if (note.onset >= begin_ && note.onset < end_) drum_keys_.insert(note.pitch);
        }
        pitched_ = any_pitched || drum_keys_.empty();
        left_ = drum_keys_.empty() ? kPitchNames : kDrumNames;
    }

    void break_lines() {
        if (first_bar_ >= last_bar_) return;
        const double tpq = score_.ticks_per_quarter;
        const double total = static_cast<double>((end_ - begin_).value) / tpq;
        double per_line = std::max(options_.quarters_per_line, 1.0);
        // A piece a little longer than a line is squeezed rather than broken.
        if (total <= per_line * 1.15) per_line = std::max(total, 8.0);
        const auto limit = static_cast<std::int64_t>(std::ceil(per_line * tpq));
        Line line{begin_, begin_, first_bar_, first_bar_};
        const auto flush = [&] {
            if (line.end > line.begin) lines_.push_back(line);
        };
        for (std::size_t i = first_bar_; i < last_bar_; ++i) {
            const Ticks bar_end = bars_[i].onset + bars_[i].length;
            if ((bar_end - line.begin).value > limit) {
                if (line.end > line.begin) {
                    flush();
                    line = {line.end, line.end, i, i};
                }
                while ((bar_end - line.begin).value > limit) {  // a bar longer than a line
                    line.end = line.begin + Ticks(limit);
                    line.last_bar = i + 1;
                    flush();
                    line = {line.end, line.end, i, i};
                }
            }
            line.end = bar_end;
            line.last_bar = i + 1;
        }
        flush();
        scale_ = (options_.width_px - left_ - kRight) / static_cast<double>(limit);
    }

    double rolls_height() const { return pitched_ ? row_ * (high_ - low_ + 1) : 0; }
    double drums_height() const {
        return drum_keys_.empty() ? 0 : kDrumRow * static_cast<double>(drum_keys_.size()) + 4;
    }
    double x_of(Ticks at, const Line& line) const {
        return left_ + scale_ * static_cast<double>((at - line.begin).value);
    }

    double draw_heading() {
        double y = 4;
        std::string title = options_.title;
        if (title.empty()) {
            title = score_.title;
            if (!score_.composer.empty())
                title += (title.empty() ? "" : " \u2014 ") + score_.composer;
        }
        if (!title.empty()) {
            y += 17;
            out_ += fmt::format(
                "<text x=\"{}\" y=\"{}\" font-size=\"16\" font-weight=\"600\" "
                "fill=\"{}\">{}</text>\n",
                number(left_), number(y), color_of("ink"), escape(title));
        }
        const std::string subtitle =
            options_.subtitle.empty() ? describe_signature(score_) : options_.subtitle;
        if (!subtitle.empty()) {
            y += 17;
            out_ += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>\n", number(left_),
                                number(y), color_of("soft"), escape(subtitle));
        }
        if (options_.legend) y = draw_legend(y);
        return y + 6;
    }

    double draw_legend(double y) {
        double x = left_;
        bool any = false;
        for (std::size_t p = 0; p < score_.parts.size(); ++p) {
            const score::Part& part = score_.parts[p];
            if (part.notes.empty()) continue;
            const std::string role(score::role_name(part.role));
            std::string text = part.name.empty() ? role : part.name;
            if (!part.name.empty() && part.role != score::Role::kUnknown &&
                base::to_lower(part.name) != role)
                text += " (" + role + ")";
            const double width = 26 + 6.6 * static_cast<double>(text.size()) + 14;
            if (!any || x + width > options_.width_px - kRight) {
                x = left_;
                y += 18;
                any = true;
            }
            out_ += swatch(part.role, nth_of_part_[p], x, y - 4);
            out_ += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>\n", number(x + 26),
                                number(y), color_of("soft"), escape(text));
            x += width;
        }
        // A polyphonic part may mix roles; those that no part has as a whole are named too.
        for (const score::Role role : roles_inside_parts()) {
            out_ += swatch(role, 0, x, y - 4);
            const std::string text = std::string(score::role_name(role)) + " notes";
            out_ += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>\n", number(x + 26),
                                number(y), color_of("soft"), text);
            x += 26 + 6.6 * static_cast<double>(text.size()) + 14;
        }
        return y;
    }

    std::set<score::Role> roles_inside_parts() const {
        std::set<score::Role> roles;
        for (const score::Part& part : score_.parts)
            for (const score::Note& note : part.notes) roles.insert(note.role);
        roles.erase(score::Role::kUnknown);
        for (const score::Part& part : score_.parts)
            if (!part.notes.empty()) roles.erase(part.role);
        return roles;
    }

    std::string swatch(score::Role role, int nth, double x, double y) const {
        const std::string stroke = paint(role_color(role, nth), options_.dress);
        if (role == score::Role::kDrums)
            return fmt::format("<path d=\"{}\" fill=\"{}\"/>", diamond(x + 10, y), stroke);
        const bool round = role == score::Role::kMelody;
        return fmt::format("<path d=\"M{} {}h{}\" stroke=\"{}\" stroke-width=\"{}\"{}/>",
                           number(round ? x + 4 : x), number(y), round ? "12" : "20", stroke,
                           number(8 * thickness(role)), round ? " stroke-linecap=\"round\"" : "");
    }

    static double thickness(score::Role role) {
        return role == score::Role::kHarmony || role == score::Role::kUnknown ? 0.66 : 0.92;
    }
    static std::string diamond(double x, double y) {
        return fmt::format("M{} {}l3.4 3.4l-3.4 3.4l-3.4-3.4z", number(x), number(y - 3.4));
    }

    void draw_line(const Line& line, double y) {
        const double top = y + kBarNumbers, right = x_of(line.end, line);
        draw_rows(top, right);
        draw_drum_rows(top + rolls_height() + 4, right);
        draw_bar_lines(line, y, top);
        draw_notes(line, top);
        draw_marks(line, top);
    }

    double row_middle(int pitch, double top) const { return top + row_ * (high_ - pitch + 0.5); }

    void draw_rows(double top, double right) {
        if (!pitched_) return;
        std::string shaded, octaves;
        for (int pitch = low_; pitch <= high_; ++pitch) {
            const int pc = pitch % 12;
            if (pc == 1 || pc == 3 || pc == 6 || pc == 8 || pc == 10)
                shaded += fmt::format("M{} {}h{}", number(left_), number(row_middle(pitch, top)),
                                      number(right - left_));
            if (pc == 0)
                octaves +=
                    fmt::format("M{} {}h{}", number(left_),
                                number(row_middle(pitch, top) + row_ / 2), number(right - left_));
            if (pc == 0 || (pc == 7 && row_ >= 4))
                out_ += fmt::format(
                    "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" font-size=\"{}\" "
                    "fill=\"{}\">{}</text>",
                    number(left_ - 6), number(row_middle(pitch, top) + 3.4), pc == 0 ? 11 : 9,
                    color_of(pc == 0 ? "ink" : "axis"), score::pitch_name(pitch));
        }
        out_ += fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-width=\"{}\"/>", shaded,
                            color_of("shade"), number(row_));
        out_ += fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-width=\".8\"/>\n", octaves,
                            color_of("axis"));
    }

    double drum_row(int key, double top) const {
        const auto place = std::distance(drum_keys_.begin(), drum_keys_.find(key));
        return top + kDrumRow * (static_cast<double>(drum_keys_.size() - 1 -
                                                     static_cast<std::size_t>(place)) +
                                 0.5);
    }

    void draw_drum_rows(double top, double right) {
        std::string rules;
        for (const int key : drum_keys_) {
            rules += fmt::format("M{} {}h{}", number(left_), number(drum_row(key, top)),
                                 number(right - left_));
            out_ += fmt::format(
                "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" font-size=\"7.5\" "
                "fill=\"{}\">{}</text>",
                number(left_ - 4), number(drum_row(key, top) + 2.4), color_of("soft"),
                drum_name(key));
        }
        if (!rules.empty())
            out_ += fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-width=\".8\"/>\n", rules,
                                color_of("grid"));
    }

    void draw_bar_lines(const Line& line, double y, double top) {
        const double bottom = top + rolls_height() + drums_height();
        std::string bar_lines, beat_lines;
        const auto rule = [&](double x) {
            return fmt::format("M{} {}V{}", number(x), number(top), number(bottom));
        };
        for (std::size_t i = line.first_bar; i < line.last_bar; ++i) {
            const score::Bar& bar = bars_[i];
            const Ticks bar_end = bar.onset + bar.length;
            if (bar.onset >= line.begin) {
                const double x = x_of(bar.onset, line);
                bar_lines += rule(x);
                out_ +=
                    fmt::format("<text x=\"{}\" y=\"{}\" font-size=\"10\" fill=\"{}\">{}</text>",
                                number(x + 2), number(y + kBarNumbers - 4), color_of("soft"),
                                static_cast<int>(i) + first_number_);
            }
            const bool compound = bar.meter.numerator > 3 && bar.meter.numerator % 3 == 0 &&
                                  bar.meter.denominator >= 8;
            const std::int64_t beat = std::max<std::int64_t>(
                1, std::int64_t{score_.ticks_per_quarter} * 4 * (compound ? 3 : 1) /
                       std::max<int>(1, bar.meter.denominator));
            // An upbeat's beats are counted back from the bar line after it.
            const std::int64_t phase = i == 0 ? bar.length.value % beat : 0;
            if (scale_ * static_cast<double>(beat) < 4) continue;
            for (Ticks at = bar.onset + Ticks(phase ? phase : beat); at < bar_end;
                 at += Ticks(beat))
                if (at > line.begin && at < line.end) beat_lines += rule(x_of(at, line));
        }
        bar_lines += rule(x_of(line.end, line));
        out_ += fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-width=\".7\"/>", beat_lines,
                            color_of("grid"));
        out_ += fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-width=\"1\"/>\n", bar_lines,
                            color_of("axis"));
    }

    void draw_notes(const Line& line, double top) {
        std::map<Lane, std::string> strokes;
        std::string drums;
        for (std::size_t p = 0; p < score_.parts.size(); ++p) {
            const score::Part& part = score_.parts[p];
            for (const score::Note& note : part.notes) {
                if (note.onset >= line.end || note.end() <= line.begin) continue;
                if (part.is_drums) {
                    if (note.onset >= line.begin && drum_keys_.contains(note.pitch))
                        drums += diamond(x_of(note.onset, line) + 3,
                                         drum_row(note.pitch, top + rolls_height() + 4));
                    continue;
                }
                if (note.pitch < low_ || note.pitch > high_) continue;
                const score::Role role = note.role == score::Role::kUnknown ? part.role : note.role;
                const Lane lane{role, role == part.role ? nth_of_part_[p] % 2 : 0,
                                note.velocity < 48   ? 0
                                : note.velocity < 80 ? 1
                                                     : 2};
                strokes[lane] += stroke(note, role, line, top);
            }
        }
        for (const auto& [lane, path] : strokes) {
            static constexpr const char* kOpacity[] = {".55", ".8", ""};
            const std::string_view opacity = kOpacity[lane.loudness];
            out_ +=
                fmt::format("<path d=\"{}\" stroke=\"{}\" stroke-width=\"{}\"{}{}/>\n", path,
                            paint(role_color(lane.role, lane.nth), options_.dress),
                            number(row_ * thickness(lane.role)),
                            lane.role == score::Role::kMelody ? " stroke-linecap=\"round\"" : "",
                            opacity.empty() ? "" : fmt::format(" stroke-opacity=\"{}\"", opacity));
        }
        if (!drums.empty())
            out_ += fmt::format("<path d=\"{}\" fill=\"{}\"/>\n", drums, color_of("drums"));
    }

    std::string stroke(const score::Note& note, score::Role role, const Line& line,
                       double top) const {
        double from = x_of(std::max(note.onset, line.begin), line) + 0.6;
        // A gap, so that repeated notes are seen as two.
        double to = x_of(std::min(note.end(), line.end), line) - 0.9;
        if (role == score::Role::kMelody) {  // round ends reach out by half the row
            from += row_ * 0.46;
            to -= row_ * 0.46;
        }
        return fmt::format("M{} {}h{}", number(from), number(row_middle(note.pitch, top)),
                           number(std::max(to - from, 0.4)));
    }

    void draw_marks(const Line& line, double top) {
        for (const RollMark& mark : options_.marks) {
            if (mark.onset >= line.end || mark.end <= line.begin) continue;
            const double from = x_of(std::max(mark.onset, line.begin), line) - 1;
            const double to = x_of(std::min(mark.end, line.end), line) + 1;
            const double upper = row_middle(std::min(mark.high_pitch, high_), top) - row_ / 2 - 3;
            const double lower = row_middle(std::max(mark.low_pitch, low_), top) + row_ / 2 + 3;
            out_ += fmt::format(
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"4\" stroke=\"{}\" "
                "stroke-width=\"1.4\"/>",
                number(from), number(upper), number(std::max(to - from, 4.0)),
                number(lower - upper), color_of("mark"));
            out_ += fmt::format(
                "<text x=\"{}\" y=\"{}\" font-size=\"10\" font-weight=\"600\" fill=\"{}\" "
                "stroke=\"{}\" stroke-width=\"2.5\" paint-order=\"stroke\">{}</text>\n",
                number(from + 1), number(std::max(upper - 3, top + 7)), color_of("mark"),
                color_of("paper"), escape(mark.label));
        }
    }

    const score::Score& score_;
    const RollOptions& options_;
    std::vector<score::Bar> bars_;
    std::vector<Line> lines_;
    std::vector<int> nth_of_part_;
    std::set<int> drum_keys_;
    std::string out_;
    std::size_t first_bar_ = 0, last_bar_ = 0;
    Ticks begin_, end_;
    int low_ = 0, high_ = 127, first_number_ = 1;
    bool pitched_ = true;
    double left_ = kPitchNames, row_ = 5, scale_ = 1, height_ = 0;
};

std::string document(const std::string& body, double width, double height, Dress dress,
                     const std::string& label) {
    const bool file = dress == Dress::kFile;
    return fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0} {1}\"{2} role=\"img\" "
        "aria-label=\"{3}\" font-family=\"{4}\" font-size=\"12\" fill=\"none\">\n{5}{6}</svg>\n",
        number(width), number(height),
        file ? fmt::format(" width=\"{}\" height=\"{}\"", number(width), number(height)) : "",
        escape(label), "Inter, Helvetica, Arial, sans-serif",
        file ? fmt::format("<rect width=\"{}\" height=\"{}\" fill=\"{}\"/>\n", number(width),
                           number(height), color("paper").light)
             : "",
        body);
}

}  // namespace

PitchRange pitch_range(const score::Score& score) {
    PitchRange range{127, 0};
    for (const score::Part& part : score.parts) {
        if (part.is_drums) continue;
        for (const score::Note& note : part.notes) {
            range.low = std::min<int>(range.low, note.pitch);
            range.high = std::max<int>(range.high, note.pitch);
        }
    }
    return range.low <= range.high ? range : PitchRange{60, 72};
}

std::string format_piano_roll(const score::Score& score, const RollOptions& options) {
    const RollPanel panel{&score, options};
    return format_piano_rolls({&panel, 1});
}

std::string format_piano_rolls(std::span<const RollPanel> panels) {
    std::string body, label;
    double y = 0, width = 0;
    std::optional<PitchRange> shared;
    if (panels.size() > 1) {
        shared = PitchRange{127, 0};
        for (const RollPanel& panel : panels) {
            const PitchRange range = pitch_range(*panel.score);
            shared->low = std::min(shared->low, range.low - 2);
            shared->high = std::max(shared->high, range.high + 2);
        }
    }
    for (const RollPanel& panel : panels) {
        RollOptions options = panel.options;
        if (!options.range && shared) options.range = shared;
        Roll roll(*panel.score, options);
        const std::string drawn = roll.draw();
        body += panels.size() == 1
                    ? drawn
                    : fmt::format("<g transform=\"translate(0 {})\">\n{}</g>\n", number(y), drawn);
        y += roll.height() + (panels.size() > 1 ? 14 : 0);
        width = std::max(width, options.width_px);
        label += fmt::format("{}Piano roll{}{}: {} notes in {} parts", label.empty() ? "" : "; ",
                             options.title.empty() && panel.score->title.empty() ? "" : " of ",
                             options.title.empty() ? panel.score->title : options.title,
                             panel.score->note_count(), panel.score->parts.size());
    }
    const Dress dress = panels.empty() ? Dress::kFile : panels[0].options.dress;
    return document(body, width, y, dress, label);
}

}  // namespace symphony::view
