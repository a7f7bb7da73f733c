#include "symphony/corpus/apart.h"

#include "symphony/corpus/groups.h"

namespace symphony::corpus {

std::vector<bool> related_pieces(const Corpus& corpus, const Corpus& other, int threads) {
    std::vector<WorkHints> hints;
    std::vector<Fingerprint> fingerprints;
    const auto add = [&](const Corpus& music, const std::string& folder) {
        for (const Piece& piece : music.pieces) {
            hints.push_back({folder + piece.id, piece.title, piece.composer});
            fingerprints.push_back(music.fingerprint(piece));
        }
    };
    // Folders of their own: equal file names in the two say nothing.
    add(corpus, "corpus/");
    add(other, "other/");
    std::vector<const Fingerprint*> pointers;
    for (const Fingerprint& fingerprint : fingerprints) pointers.push_back(&fingerprint);
    const Groups groups = group_pieces(hints, pointers, threads);
    std::vector<bool> has_other(groups.names.size(), false);
    for (std::size_t i = corpus.pieces.size(); i < hints.size(); ++i)
        has_other[static_cast<std::size_t>(groups.of_piece[i])] = true;
    std::vector<bool> related;
    for (std::size_t i = 0; i < corpus.pieces.size(); ++i)
        related.push_back(has_other[static_cast<std::size_t>(groups.of_piece[i])]);
    return related;
}

}  // namespace symphony::corpus
