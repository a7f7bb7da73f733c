#include "symphony/corpus/atlas/ngram_table.h"

#include <algorithm>
#include <tuple>

namespace symphony::corpus {
namespace {

// A progression as one number: a byte for each chord, the last lowest, then n, then the mode.
std::uint64_t code_of(const RomanChord& chord) {
    return static_cast<std::uint64_t>(chord.degree) * score::kChordQualities +
           static_cast<std::uint64_t>(chord.quality);
}
constexpr int kLengthAt = 32, kModeAt = 40;

std::string text_of(std::uint64_t key, int n, bool minor) {
    std::string text;
    for (int i = n - 1; i >= 0; --i) {
        const std::uint64_t code = key >> (8 * i) & 0xFF;
        const RomanChord chord{static_cast<std::uint8_t>(code / score::kChordQualities),
                               static_cast<score::ChordQuality>(code % score::kChordQualities)};
        text += (text.empty() ? "" : " ") + chord.name(minor);
    }
    return text;
}

}  // namespace

void NgramTable::add(std::span<const Progression> progressions, std::uint32_t piece) {
    std::vector<std::pair<std::uint64_t, std::int32_t>> found;  // key and bar
    for (const Progression& progression : progressions) {
        const std::uint64_t mode = std::uint64_t{progression.minor} << kModeAt;
        std::uint64_t window = 0;
        for (std::size_t i = 0; i < progression.chords.size(); ++i) {
            window = (window << 8 | code_of(progression.chords[i])) & 0xFFFFFFFF;
            for (std::size_t n = kShortest; n <= std::min<std::size_t>(kLongest, i + 1); ++n) {
                const std::uint64_t chords = window & ((std::uint64_t{1} << (8 * n)) - 1);
                found.emplace_back(chords | std::uint64_t{n} << kLengthAt | mode,
                                   progression.bars[i + 1 - n]);
                ++totals_[progression.minor ? 1 : 0][n];
            }
        }
    }
    std::sort(found.begin(), found.end());
    for (std::size_t i = 0; i < found.size();) {
        std::size_t end = i;
        while (end < found.size() && found[end].first == found[i].first) ++end;
        Entry& entry = entries_[found[i].first];
        const auto times = static_cast<std::uint32_t>(end - i);
        entry.count += times;
        ++entry.pieces;
        Place place{.piece = piece, .times = times, .bar = found[i].second};
        for (Place& kept : entry.places)  // of equal ones the earlier piece stays
            if (place.times > kept.times) std::swap(place, kept);
        i = end;
    }
    while (entries_.size() > most_entries_) forget_rarest();
}

void NgramTable::forget_rarest() {
    ++forgotten_;
    std::erase_if(entries_, [&](const auto& entry) { return entry.second.count <= forgotten_; });
}

std::vector<ProgressionRow> NgramTable::rows(std::size_t rows,
                                             std::span<const std::string> ids) const {
    using Item = std::pair<std::uint64_t, const Entry*>;
    std::array<std::array<std::vector<Item>, kLongest + 1>, 2> lists;
    for (const auto& [key, entry] : entries_)
        lists[key >> kModeAt][key >> kLengthAt & 0xFF].emplace_back(key, &entry);
    std::vector<ProgressionRow> out;
    for (const bool minor : {false, true}) {
        for (int n = kShortest; n <= kLongest; ++n) {
            auto& list = lists[minor ? 1 : 0][static_cast<std::size_t>(n)];
            const auto middle =
                list.begin() + static_cast<std::ptrdiff_t>(std::min(rows, list.size()));
            std::partial_sort(list.begin(), middle, list.end(), [](const Item& a, const Item& b) {
                return std::tie(b.second->count, a.first) < std::tie(a.second->count, b.first);
            });
            for (auto it = list.begin(); it != middle; ++it) {
                const auto& [key, entry] = *it;
                ProgressionRow row{
                    .chords = text_of(key, n, minor),
                    .minor = minor,
                    .length = n,
                    .count = entry->count,
                    .pieces = entry->pieces,
                    .share =
                        static_cast<double>(entry->count) /
                        static_cast<double>(totals_[minor ? 1 : 0][static_cast<std::size_t>(n)]),
                    .places = {}};
                for (const Place& place : entry->places)
                    if (place.times > 0)
                        row.places.push_back({ids[place.piece], place.bar + 1,
                                              static_cast<std::int64_t>(place.times)});
                out.push_back(std::move(row));
            }
        }
    }
    return out;
}

}  // namespace symphony::corpus
