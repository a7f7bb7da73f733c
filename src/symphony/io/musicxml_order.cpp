// Unfolds repeats and jumps. Source: own, after the conventions of engraving (Gould, "Behind Bars",
// 2011, "Repeat signs").
#include "symphony/io/musicxml_order.h"

#include <algorithm>
#include <numeric>
#include <span>

namespace symphony::io::musicxml {
namespace {

class Unfolder {
  public:
    explicit Unfolder(std::span<const RawMeasure> measures)
        : measures_(measures), count_(static_cast<int>(measures.size())) {
        ending_of_.assign(measures.size(), -1);
        behind_ending_.assign(measures.size(), -1);
        for (int i = 0; i < count_; ++i) {
            if (at(i).left.ending.empty() && at(i).right.ending.empty()) continue;
            int last = i;
            while (last + 1 < count_ && !stops(last) && numbers(last + 1).empty()) ++last;
            std::fill(ending_of_.begin() + i, ending_of_.begin() + last + 1, i);
            behind_ending_[static_cast<std::size_t>(i)] = last + 1;
            i = last;
        }
    }

    // At most `limit` measures.
    PlayOrder unfold(std::size_t limit) {
        PlayOrder order;
        int i = 0;
        while (i < count_) {
            if (order.measures.size() >= limit) {
                order.was_cut = true;
                break;
            }
            if (at(i).left.repeat_forward && i != section_start_) enter_section(i);
            const int ending = ending_of_[static_cast<std::size_t>(i)];
            if (ending == i && !plays_ending(i)) {
                i = behind_ending_[static_cast<std::size_t>(i)];
                continue;
            }
            order.measures.push_back(i);
            if (has_jumped_ && at(i).fine) break;
            const int next = after(i);
            if (next < 0) break;
            i = next;
        }
        return order;
    }

  private:
    const RawMeasure& at(int i) const { return measures_[static_cast<std::size_t>(i)]; }
    const std::vector<int>& numbers(int i) const {
        return at(i).left.ending.empty() ? at(i).right.ending : at(i).left.ending;
    }
    bool stops(int i) const { return at(i).right.ending_stops; }

    void enter_section(int start) {
        section_start_ = start;
        pass_ = 1;
    }

    static bool holds(const std::vector<int>& numbers, int pass) {
        return std::find(numbers.begin(), numbers.end(), pass) != numbers.end();
    }

    // Is there a bracket right behind the one that starts at `start`?
    int next_ending(int start) const {
        const int i = behind_ending_[static_cast<std::size_t>(start)];
        return i < count_ && ending_of_[static_cast<std::size_t>(i)] == i ? i : -1;
    }

    bool plays_ending(int start) const {
        if (has_jumped_) return next_ending(start) < 0;
        return holds(numbers(start), pass_) || (pass_ > 1 && next_ending(start) < 0);
    }

    // Does the section go round again from a backward repeat at i?
    bool goes_round(int i) const {
        const Barline& line = at(i).right;
        if (has_jumped_) return false;
        int ending = ending_of_[static_cast<std::size_t>(i)];
        if (ending < 0) return pass_ < line.times;
        if (holds(numbers(ending), pass_ + 1)) return true;
        return next_ending(ending) >= 0;
    }

    // The measure played after i, -1 at the end.
    int after(int i) {
        const RawMeasure& measure = at(i);
        if (measure.right.repeat_backward) {
            if (goes_round(i)) {
                ++pass_;
                return section_start_;
            }
            if (ending_of_[static_cast<std::size_t>(i)] < 0) enter_section(i + 1);
        }
        const int ending = ending_of_[static_cast<std::size_t>(i)];
        const bool ends_bracket =
            ending >= 0 && (i + 1 >= count_ || ending_of_[static_cast<std::size_t>(i + 1)] < 0);
        if (ends_bracket) enter_section(i + 1);

        if (has_jumped_ && measure.to_coda && !went_to_coda_) {
            went_to_coda_ = true;
            for (int j = i + 1; j < count_; ++j)
                if (at(j).coda) return j;
        }
        if (!has_jumped_ && (measure.da_capo || measure.dal_segno)) {
            has_jumped_ = true;
            int target = 0;
            if (measure.dal_segno)
                for (int j = 0; j <= i; ++j)
                    if (at(j).segno) target = j;
            enter_section(target);
            return target;
        }
        return i + 1 < count_ ? i + 1 : -1;
    }

    std::span<const RawMeasure> measures_;
    int count_;
    std::vector<int> ending_of_;      // first measure of the bracket a measure lies in, -1: none
    std::vector<int> behind_ending_;  // by the first measure of a bracket: that behind its last
    int section_start_ = 0;
    int pass_ = 1;
    bool has_jumped_ = false;
    bool went_to_coda_ = false;
};

}  // namespace

PlayOrder performed_order(const std::vector<RawMeasure>& measures, const std::vector<Span>& spans) {
    const std::size_t limit = measures.size() * kMaxExpansion;
    if (spans.empty()) return Unfolder(measures).unfold(limit);
    PlayOrder order;
    for (const Span& span : spans) {
        const auto first = static_cast<std::size_t>(span.first);
        const auto count = static_cast<std::size_t>(span.last) - first;
        const PlayOrder part = Unfolder(std::span(measures).subspan(first, count))
                                   .unfold(limit - order.measures.size());
        for (const int measure : part.measures) order.measures.push_back(span.first + measure);
        order.was_cut |= part.was_cut;
        if (order.was_cut) break;
    }
    return order;
}

PlayOrder written_order(const std::vector<RawMeasure>& measures) {
    PlayOrder order;
    order.measures.resize(measures.size());
    std::iota(order.measures.begin(), order.measures.end(), 0);
    return order;
}

}  // namespace symphony::io::musicxml
