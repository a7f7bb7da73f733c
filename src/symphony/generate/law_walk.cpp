#include "symphony/generate/law_walk.h"

#include "symphony/score/pitch_name.h"

#include <fmt/format.h>

#include <algorithm>

namespace symphony::generate {
namespace {

// Walks the notes of a piece as the composer writes them, and asks the laws.
class Walk {
  public:
    Walk(const score::Score& score, const Laws& laws, const Jurisdiction& where)
        : score_(score), laws_(laws), where_(where), bars_(score::bars_of(score)) {
        for (const score::Part& part : score.parts) notes_.push_back(in_order(part));
        next_.assign(notes_.size(), 0);
        before_.resize(notes_.size());
        for (std::size_t p = 0; p < notes_.size(); ++p)
            before_[p].reserve(notes_[p].size());  // places look into it
    }

    std::optional<Breach> first() {
        for (std::size_t b = 0; b < bars_.size(); ++b)
            if (auto breach = in_bar(b)) return breach;
        return std::nullopt;
    }

  private:
    bool open(std::size_t bar, std::size_t part) const {
        if (static_cast<int>(bar) < where_.first_bar) return false;
        return where_.cells.empty() || (bar < where_.cells.size() &&
                                        part < where_.cells[bar].size() && where_.cells[bar][part]);
    }

    Place place(std::size_t bar, std::size_t part, score::Ticks at) const {
        const auto& notes = notes_[part];
        const auto heard = notes.begin() + static_cast<std::ptrdiff_t>(next_[part]);
        int all = 0;
        for (const int struck : struck_) all += struck;
        return {.part = where_.numbers.empty() ? static_cast<int>(part) : where_.numbers[part],
                .role = score_.parts[part].role,
                .is_drums = score_.parts[part].is_drums,
                .program = score_.parts[part].program,
                .bar = static_cast<int>(bar),
                .position = (at - bars_[bar].onset).value,
                .length = bars_[bar].length.value,
                .sounding = static_cast<int>(std::count_if(
                    notes.begin(), heard, [&](const score::Note& n) { return n.end() > at; })),
                .struck = struck_[part],
                .struck_in_all = all,
                .before = before_[part]};
    }

    std::optional<Breach> in_bar(std::size_t bar) {
        const score::Ticks end = bars_[bar].onset + bars_[bar].length;
        struck_.assign(notes_.size(), 0);
        while (true) {
            // The next onset in the bar, and of it part after part.
            std::optional<score::Ticks> at;
            for (std::size_t p = 0; p < notes_.size(); ++p)
                if (next_[p] < notes_[p].size() && notes_[p][next_[p]].onset < end)
                    at = std::min(at.value_or(end), notes_[p][next_[p]].onset);
            if (!at) break;
            for (std::size_t p = 0; p < notes_.size(); ++p)
                for (; next_[p] < notes_[p].size() && notes_[p][next_[p]].onset == *at; ++next_[p])
                    if (auto breach = note(bar, p)) return breach;
        }
        for (std::size_t p = 0; p < notes_.size(); ++p) {
            if (!open(bar, p)) continue;
            const Place at_end = place(bar, p, end);
            for (const auto& law : laws_)
                if (!law->is_enough(at_end))
                    return Breach{
                        law->words(), static_cast<int>(bar) + 1,
                        fmt::format("part {} strikes {} notes, all together {}", at_end.part + 1,
                                    at_end.struck, at_end.struck_in_all)};
        }
        return std::nullopt;
    }

    std::optional<Breach> note(std::size_t bar, std::size_t part) {
        const score::Note& note = notes_[part][next_[part]];
        std::optional<Breach> breach;
        if (open(bar, part)) {
            const Place here = place(bar, part, note.onset);
            for (const auto& law : laws_)
                if (!breach && law->strength() >= 1 && !law->pitches(here)[note.pitch])
                    breach = Breach{law->words(), static_cast<int>(bar) + 1,
                                    fmt::format("part {} strikes {} ({})", here.part + 1,
                                                score::pitch_name(note.pitch), note.pitch)};
        }
        ++struck_[part];
        before_[part].push_back(note.pitch);
        return breach;
    }

    const score::Score& score_;
    const Laws& laws_;
    const Jurisdiction& where_;
    std::vector<score::Bar> bars_;
    std::vector<std::vector<score::Note>> notes_;  // of each part: by onset, then from high to low
    std::vector<std::size_t> next_;
    std::vector<int> struck_;
    std::vector<std::vector<int>> before_;
};

}  // namespace

std::optional<Breach> first_breach_of(const score::Score& score, const Laws& laws,
                                      const Jurisdiction& where) {
    return Walk(score, laws, where).first();
}

}  // namespace symphony::generate
