// Marks of a notated part. Source: own.
#include "symphony/io/musicxml_marks.h"

#include "symphony/base/text.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>

namespace symphony::io::musicxml {
namespace {

constexpr std::size_t kLongestWords = 60;  // longer texts are remarks about a file, not music
constexpr double kDrawnTempoChange = 1.0 / 12;
constexpr double kLevelReach = 12;  // velocities within which a level still holds

struct Level {
    const char* name;
    double velocity;
};
constexpr std::array kLevels{Level{"ppp", 16}, Level{"pp", 33},  Level{"p", 49},
                             Level{"mp", 64},  Level{"mf", 80},  Level{"f", 96},
                             Level{"ff", 112}, Level{"fff", 124}};

const Level& nearest_level(double velocity) {
    return *std::min_element(kLevels.begin(), kLevels.end(), [&](const Level& a, const Level& b) {
        return std::abs(a.velocity - velocity) < std::abs(b.velocity - velocity);
    });
}

}  // namespace

std::vector<Mark> score_marks(const score::Score& score) {
    std::set<std::int64_t> bar_lines;
    for (const score::Bar& bar : score.bars) bar_lines.insert(bar.onset.value);
    std::vector<Mark> marks;
    double drawn = 0;
    for (const score::TempoChange& tempo : score.tempos) {
        Mark mark;
        mark.onset = tempo.onset.value;
        mark.kind = Mark::Kind::kTempo;
        mark.quarters_per_minute = tempo.quarters_per_minute;
        const double change = std::abs(tempo.quarters_per_minute / std::max(drawn, 1e-3) - 1);
        mark.is_drawn =
            drawn == 0 || (change >= kDrawnTempoChange && bar_lines.count(mark.onset) > 0);
        if (mark.is_drawn) drawn = tempo.quarters_per_minute;
        marks.push_back(std::move(mark));
    }
    std::set<std::tuple<std::int64_t, bool, std::string>> said;
    for (const score::Text& text : score.texts) {
        const bool is_marker = text.kind == score::TextKind::kMarker;
        if (!is_marker && text.kind != score::TextKind::kText) continue;
        Mark mark;
        mark.onset = text.onset.value;
        mark.kind = is_marker ? Mark::Kind::kRehearsal : Mark::Kind::kWords;
        mark.text = base::trim(text.text);
        if (mark.text.empty() || mark.text.size() > kLongestWords) continue;
        // Several parts may have said the same.
        if (said.emplace(mark.onset, is_marker, mark.text).second) marks.push_back(std::move(mark));
    }
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark& a, const Mark& b) { return a.onset < b.onset; });
    return marks;
}

std::vector<Mark> dynamic_marks(const NotatedPart& part, const std::vector<score::Bar>& bars) {
    struct Struck {
        std::int64_t onset;
        int velocity;
    };
    std::vector<Struck> struck;
    for (const Staff& staff : part.staves)
        for (const StaffNote& note : staff.notes) struck.push_back({note.onset, note.velocity});
    std::sort(struck.begin(), struck.end(),
              [](const Struck& a, const Struck& b) { return a.onset < b.onset; });
    const bool varies = std::any_of(struck.begin(), struck.end(), [&](const Struck& one) {
        return one.velocity != struck.front().velocity;
    });
    std::vector<Mark> marks;
    if (!varies) return marks;
    const Level* current = nullptr;
    auto at = struck.begin();
    for (const score::Bar& bar : bars) {
        const std::int64_t end = (bar.onset + bar.length).value;
        const auto first = at;
        double sum = 0;
        for (; at != struck.end() && at->onset < end; ++at) sum += at->velocity;
        if (at == first) continue;
        const double mean = sum / static_cast<double>(at - first);
        if (current != nullptr && std::abs(mean - current->velocity) <= kLevelReach) continue;
        const Level& level = nearest_level(mean);
        if (current == &level) continue;
        current = &level;
        Mark mark;
        mark.onset = first->onset;
        mark.kind = Mark::Kind::kDynamic;
        mark.text = level.name;
        marks.push_back(std::move(mark));
    }
    return marks;
}

std::map<std::size_t, Syllable> syllables_of(const NotatedPart& part, std::uint64_t& lost) {
    const Staff& staff = part.staves.front();
    std::map<std::size_t, Syllable> sung;
    bool goes_on = false;
    for (const score::Text& text : part.head->texts) {
        if (text.kind != score::TextKind::kLyric) continue;
        std::string words = base::trim(text.text);
        if (words.empty()) continue;
        const bool continues = words.size() > 1 && words.back() == '-';
        if (continues) words.pop_back();
        const auto first = std::lower_bound(
            staff.notes.begin(), staff.notes.end(), text.onset.value,
            [](const StaffNote& note, std::int64_t onset) { return note.onset < onset; });
        auto highest = first;
        for (auto note = first; note != staff.notes.end() && note->onset == text.onset.value;
             ++note)
            highest = note;
        const auto index = static_cast<std::size_t>(highest - staff.notes.begin());
        if (highest == staff.notes.end() || highest->onset != text.onset.value ||
            sung.count(index) > 0) {
            ++lost;
            continue;
        }
        sung[index] = {words,
                       goes_on ? (continues ? "middle" : "end") : (continues ? "begin" : "single")};
        goes_on = continues;
    }
    return sung;
}

}  // namespace symphony::io::musicxml
