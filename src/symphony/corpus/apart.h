// Keeps a corpus apart from other music: which of its pieces must be left out so that the other
// music is unseen. Source: own, by the relations of groups.h.
#pragma once

#include "symphony/corpus/load.h"

#include <vector>

namespace symphony::corpus {

// related[i]: piece i of `corpus` is in one group with a piece of `other`: they share a work, a
// tune or copied music, directly or through pieces between them.
std::vector<bool> related_pieces(const Corpus& corpus, const Corpus& other, int threads);

}  // namespace symphony::corpus
