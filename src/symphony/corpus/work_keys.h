// Which work a file belongs to, read off its path and titles: what files of one work have in
// common.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace symphony::corpus {

struct WorkHints {
    std::string id;               // path under the corpus root, with '/'
    std::string title, composer;  // as the file says, may be empty
};

// For every piece, the keys it shares with other pieces of its work; pieces with a key in common
// belong together. Keys come from
//   - catalogue numbers (BWV 248, Op. 18, K. 545, D. 911, …) in a folder's, file's or title's name;
//   - file names equal but for closing numbers ("sonata-1", "sonata-2") inside one folder;
//   - folders of numbered files or of numbered folders that hold one file each;
//   - equal titles.
// A key that more than 24 pieces or, in a corpus of 20 and more, a fifth of them share is a manner
// of naming, not a work, and is dropped; a catalogue number is kept.
std::vector<std::vector<std::string>> work_keys(std::span<const WorkHints> pieces);

// Catalogue numbers in `text`, normalised ("bwv248", "op18"), in order.
std::vector<std::string> catalogue_numbers(const std::string& text);

}  // namespace symphony::corpus
