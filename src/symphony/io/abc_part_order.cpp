#include "symphony/io/abc_part_order.h"

#include <algorithm>
#include <vector>

namespace symphony::io::abc {

std::optional<PartOrder> parse_part_order(std::string_view text) {
    PartOrder order;
    std::vector<std::size_t> open;  // where each open bracket begins in `labels`
    std::size_t unit = 0;           // where what a number would repeat begins
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at++];
        if (c >= 'A' && c <= 'Z') {
            unit = order.labels.size();
            if (unit < kMostPartsPlayed)
                order.labels += c;
            else
                order.was_cut = true;
        } else if (c == '(') {
            open.push_back(order.labels.size());
        } else if (c == ')' && !open.empty()) {
            unit = open.back();
            open.pop_back();
        } else if (c >= '0' && c <= '9') {
            std::size_t times = static_cast<std::size_t>(c - '0');
            for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
                times = std::min<std::size_t>(times * 10 + static_cast<std::size_t>(text[at] - '0'),
                                              kMostPartsPlayed + 1);
            const std::string repeated = order.labels.substr(unit);
            for (std::size_t i = 1; i < times && !repeated.empty(); ++i) {
                if (order.labels.size() + repeated.size() > kMostPartsPlayed) {
                    order.was_cut = true;
                    break;
                }
                order.labels += repeated;
            }
        } else if (c != '.' && c != ' ' && c != '\t') {
            return std::nullopt;
        }
    }
    if (!open.empty() || order.labels.empty()) return std::nullopt;
    return order;
}

}  // namespace symphony::io::abc
