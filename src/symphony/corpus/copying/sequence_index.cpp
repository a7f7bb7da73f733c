#include "symphony/corpus/copying/sequence_index.h"

#include "symphony/corpus/copying/suffix_array.h"

#include <algorithm>
#include <numeric>

namespace symphony::corpus {

SequenceIndex::SequenceIndex(std::vector<std::uint32_t> text, std::uint32_t alphabet)
    : text_(std::move(text)),
      order_(suffix_array(text_, alphabet)),
      bucket_begin_(alphabet + std::size_t{1}, 0) {
    for (const std::uint32_t symbol : text_) ++bucket_begin_[symbol + std::size_t{1}];
    std::partial_sum(bucket_begin_.begin(), bucket_begin_.end(), bucket_begin_.begin());
}

SequenceIndex::Range SequenceIndex::bucket(std::uint32_t symbol) const {
    if (std::size_t{symbol} + 1 >= bucket_begin_.size()) return {};
    return {bucket_begin_[symbol], bucket_begin_[symbol + std::size_t{1}]};
}

std::size_t SequenceIndex::common(std::span<const std::uint32_t> query, std::size_t place,
                                  std::size_t known) const {
    const std::size_t most = std::min(query.size(), text_.size() - place);
    while (known < most && query[known] == text_[place + known]) ++known;
    return known;
}

std::size_t SequenceIndex::longest_prefix(std::span<const std::uint32_t> query) const {
    if (query.empty()) return 0;
    auto [low, high] = bucket(query.front());
    if (low == high) return 0;
    // What the query shares with the suffixes on either side of [low, high): all between share as
    // much as the smaller of both.
    std::size_t below = 1, above = 1;
    while (low < high) {
        const std::size_t middle = low + (high - low) / 2;
        const auto place = static_cast<std::size_t>(order_[middle]);
        const std::size_t shared = common(query, place, std::min(below, above));
        if (shared == query.size()) return shared;
        const bool text_is_less =
            place + shared == text_.size() || text_[place + shared] < query[shared];
        if (text_is_less) {
            low = middle + 1;
            below = shared;
        } else {
            high = middle;
            above = shared;
        }
    }
    return std::max(below, above);
}

SequenceIndex::Places SequenceIndex::places(std::span<const std::uint32_t> query) const {
    if (query.empty()) return {};
    const auto [low, high] = bucket(query.front());
    const auto begin = order_.begin() + static_cast<std::ptrdiff_t>(low),
               end = order_.begin() + static_cast<std::ptrdiff_t>(high);
    const auto suffix = [&](std::int32_t place) {
        const auto rest = std::span(text_).subspan(static_cast<std::size_t>(place));
        return rest.first(std::min(rest.size(), query.size()));
    };
    const auto first = std::partition_point(begin, end, [&](std::int32_t place) {
        const auto text = suffix(place);
        return std::lexicographical_compare(text.begin(), text.end(), query.begin(), query.end());
    });
    const auto last = std::partition_point(first, end, [&](std::int32_t place) {
        const auto text = suffix(place);
        return std::equal(text.begin(), text.end(), query.begin(), query.end());
    });
    if (first == last) return {};
    return {static_cast<std::size_t>(last - first),
            static_cast<std::size_t>(*std::min_element(first, last))};
}

}  // namespace symphony::corpus
