#include "symphony/tokens/miditok/stream_ids.h"

namespace symphony::tokens::miditok {

BaseIds base_ids_of(const Stream& stream, const Words& words, Losses* lost) {
    BaseIds result;
    result.ids.reserve(stream.words.size());
    std::size_t row = 0;
    int column = 0;
    for (std::size_t i = 0; i < stream.words.size(); ++i) {
        const int id = words.id(stream.words[i], column);
        if (id >= 0) {
            result.ids.push_back(id);
            result.columns.push_back(column);
            result.times.push_back(stream.times[i]);
            result.sources.push_back(stream.sources[i]);
        } else if (lost) {
            ++(*lost)["no-token"];
        }
        if (!stream.row_sizes.empty() && ++column == stream.row_sizes[row]) {
            column = 0;
            ++row;
        }
    }
    return result;
}

std::vector<std::size_t> split_begins(const std::vector<std::int64_t>& times,
                                      const Streams& streams, const Config& config) {
    std::vector<std::size_t> begins{0};
    if (config.encode_ids_split == "no") return begins;
    const auto& ticks = config.encode_ids_split == "bar" ? streams.bar_ticks : streams.beat_ticks;
    std::size_t at = 0;
    for (std::size_t t = 1; t < ticks.size(); ++t) {
        while (at < times.size() && times[at] < ticks[t]) ++at;
        if (at == times.size()) break;
        begins.push_back(at);
    }
    return begins;
}

}  // namespace symphony::tokens::miditok
