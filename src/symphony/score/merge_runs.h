// Lists that are sorted already, one after the other in one list, merged: what the parts of a score
// are put together with. Linear in the items times log2 of the lists.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace symphony::score {

// `begins`: where each run begins in `items`, rising. Equal items keep their order.
template <class Item, class Less>
void merge_runs(std::vector<Item>& items, std::vector<std::size_t> begins, const Less& less) {
    while (begins.size() > 1) {
        std::vector<std::size_t> longer;
        const auto at = [&](std::size_t run) {
            return items.begin() +
                   static_cast<std::ptrdiff_t>(run < begins.size() ? begins[run] : items.size());
        };
        for (std::size_t run = 0; run < begins.size(); run += 2) {
            longer.push_back(begins[run]);
            if (run + 1 < begins.size())
                std::inplace_merge(at(run), at(run + 1), at(run + 2), less);
        }
        begins = std::move(longer);
    }
}

}  // namespace symphony::score
