#include "symphony/corpus/sketch.h"

#include <algorithm>

namespace symphony::corpus {

Sketch sketch_of(std::vector<std::uint32_t> hashes) {
    Sketch sketch;
    std::sort(hashes.begin(), hashes.end());
    hashes.erase(std::unique(hashes.begin(), hashes.end()), hashes.end());
    sketch.thinned = hashes.size() > kWholeSketch;
    if (sketch.thinned)
        std::erase_if(hashes, [](std::uint32_t hash) { return hash % kThinning != 0; });
    hashes.shrink_to_fit();
    sketch.hashes = std::move(hashes);
    return sketch;
}

double Overlap::containment() const {
    const std::size_t smaller = std::min(of_a, of_b);
    return smaller == 0 ? 0 : static_cast<double>(shared) / static_cast<double>(smaller);
}

Overlap overlap(const Sketch& a, const Sketch& b) {
    Overlap found;
    const bool thin = a.thinned || b.thinned;
    const auto count = [thin](const Sketch& sketch) {
        return static_cast<std::size_t>(
            std::count_if(sketch.hashes.begin(), sketch.hashes.end(),
                          [thin](std::uint32_t hash) { return comparable(hash, thin); }));
    };
    found.of_a = count(a);
    found.of_b = count(b);
    for (auto i = a.hashes.begin(), j = b.hashes.begin();
         i != a.hashes.end() && j != b.hashes.end();) {
        if (*i < *j) {
            ++i;
        } else if (*j < *i) {
            ++j;
        } else {
            found.shared += comparable(*i, thin) ? 1 : 0;
            ++i, ++j;
        }
    }
    return found;
}

}  // namespace symphony::corpus
