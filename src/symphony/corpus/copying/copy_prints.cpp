#include "symphony/corpus/copying/copy_prints.h"

#include "symphony/corpus/copying/winnow.h"

#include <algorithm>
#include <deque>
#include <utility>

namespace symphony::corpus {
namespace {

// A run so far, by its last fingerprint.
struct Open {
    std::uint32_t place = 0;  // of that one
    std::size_t first = 0;    // note of the line
    std::uint32_t first_place = 0;
};
struct OpenAt {
    std::size_t note = 0;
    std::vector<Open> runs;  // by place
};

}  // namespace

CopyPrints::CopyPrints(const std::vector<CopySource>& sources, int steps_per_quarter,
                       std::string data_sha256, PrintShape shape)
    : shape_(shape), steps_per_quarter_(steps_per_quarter), data_sha256_(std::move(data_sha256)) {
    for (const CopySource& source : sources) {
        PrintedPiece& piece = pieces_.emplace_back(PrintedPiece{.id = source.id, .bars = {}});
        for (const score::Ticks bar : source.lines.bars)
            piece.bars.push_back(static_cast<std::uint32_t>(bar.value));
    }
    number_places();
    std::vector<std::pair<std::uint32_t, std::uint32_t>> prints;  // hash, place
    for (std::size_t p = 0; p < sources.size(); ++p)
        for (const NoteLine& line : sources[p].lines.lines) {
            const auto hashes = step_hashes(line.notes, shape.steps);
            for (const std::size_t i : winnowed(hashes, shape.window))
                prints.emplace_back(hashes[i], first_places_[p] + static_cast<std::uint32_t>(
                                                                      line.notes[i].onset.value));
        }
    std::sort(prints.begin(), prints.end());
    prints.erase(std::unique(prints.begin(), prints.end()), prints.end());
    for (const auto& [hash, place] : prints) {
        if (hashes_.empty() || hashes_.back() != hash) {
            hashes_.push_back(hash);
            begins_.push_back(static_cast<std::uint32_t>(places_.size()));
        }
        places_.push_back(place);
    }
    begins_.push_back(static_cast<std::uint32_t>(places_.size()));
}

void CopyPrints::number_places() {
    std::uint32_t steps = 0;
    for (const PrintedPiece& piece : pieces_) {
        first_places_.push_back(steps);
        steps += piece.bars.back();
    }
}

std::span<const std::uint32_t> CopyPrints::places_of(std::uint32_t hash) const {
    const auto found = std::lower_bound(hashes_.begin(), hashes_.end(), hash);
    if (found == hashes_.end() || *found != hash) return {};
    const auto at = static_cast<std::size_t>(found - hashes_.begin());
    return std::span(places_).subspan(begins_[at], begins_[at + 1] - begins_[at]);
}

CopyPrints::Where CopyPrints::where(std::uint32_t place) const {
    const auto next = std::upper_bound(first_places_.begin(), first_places_.end(), place);
    return {static_cast<std::size_t>(next - first_places_.begin()) - 1, place - *(next - 1)};
}

std::vector<PrintRun> CopyPrints::runs(std::span<const LineNote> line) const {
    std::vector<PrintRun> best(line.size());
    const auto hashes = step_hashes(line, shape_.steps);
    std::deque<OpenAt> recent;  // of the window's notes before this one
    for (std::size_t i = 0; i < hashes.size(); ++i) {
        while (!recent.empty() && recent.front().note + shape_.window < i) recent.pop_front();
        const auto places = places_of(hashes[i]);
        if (places.empty()) continue;
        OpenAt here{.note = i, .runs = {}};
        for (const std::uint32_t place : places) {
            const std::uint32_t steps = where(place).steps;
            Open run{.place = place, .first = i, .first_place = place};
            for (const OpenAt& before : recent) {
                const auto time =
                    static_cast<std::uint64_t>((line[i].onset - line[before.note].onset).value);
                if (time > steps) continue;  // before the piece begins
                const auto one = std::lower_bound(
                    before.runs.begin(), before.runs.end(), place - time,
                    [](const Open& open, std::uint64_t at) { return open.place < at; });
                if (one == before.runs.end() || one->place + time != place) continue;
                if (one->first < run.first)
                    run.first = one->first, run.first_place = one->first_place;
            }
            here.runs.push_back(run);
            PrintRun& told = best[run.first];
            const std::size_t notes = i + shape_.notes() - run.first;
            if (notes > told.notes) told = {notes, run.first_place};
        }
        recent.push_back(std::move(here));
    }
    return best;
}

bool CopyPrints::hold(std::span<const LineNote> line, std::size_t first, std::size_t notes) const {
    // The fingerprints that hold the first of them and the last one are as near as that.
    const std::size_t begin = first - std::min(first, shape_.steps);
    const std::size_t end = std::min(line.size(), first + notes + shape_.steps);
    const auto found = runs(line.subspan(begin, end - begin));
    for (std::size_t i = 0; begin + i <= first; ++i)
        if (begin + i + found[i].notes >= first + notes) return true;
    return false;
}

}  // namespace symphony::corpus
