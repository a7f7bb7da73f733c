#include "symphony/corpus/shaping.h"

#include "symphony/corpus/bar_repair.h"
#include "symphony/corpus/free_timing.h"

namespace symphony::corpus {

score::Score shaped(score::Score score, const Shaping& shaping, std::string* mended) {
    if (shaping.free_timing) return on_a_clock(score);
    if (!shaping.mend_bars) return score;
    const auto done = mend_bars(score);
    if (done && mended) *mended = done->detail;
    return score;
}

base::Json to_json(const Shaping& shaping) {
    return {{"mend_bars", shaping.mend_bars}, {"free_timing", shaping.free_timing}};
}

Shaping shaping_of(const base::Json& description) {
    Shaping shaping;
    const auto found = description.find("shaping");
    if (found == description.end() || !found->is_object()) return shaping;
    shaping.mend_bars = found->value("mend_bars", false);
    shaping.free_timing = found->value("free_timing", false);
    return shaping;
}

}  // namespace symphony::corpus
