// Which pieces belong together: parts of one work, copies, settings of one tune. A group is never
// in two splits, so that what is learned is not what is asked.
#pragma once

#include "symphony/corpus/fingerprint.h"
#include "symphony/corpus/work_keys.h"

#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

enum class Relation { kSameMusic, kNearCopy, kTune, kWork };
const char* relation_name(Relation relation);  // "same music", "near copy", "tune", "work"

// Pieces `a` < `b` belong together; `why` names what they share.
struct Link {
    int a = 0, b = 0;
    Relation relation = Relation::kWork;
    std::string why;
};

struct Groups {
    std::vector<int> of_piece;       // group of each piece, 0..count-1
    std::vector<std::string> names;  // of each group: its first piece's id
    std::vector<std::size_t> sizes;  // pieces in each group
    std::vector<Link> links;         // those found, sorted; enough to connect each group

    std::size_t largest() const;
};

// hints[i] and fingerprints[i] are piece i's. The result depends on nothing else, `threads` (0: all
// cores) included.
Groups group_pieces(std::span<const WorkHints> hints,
                    std::span<const Fingerprint* const> fingerprints, int threads = 0);

}  // namespace symphony::corpus
