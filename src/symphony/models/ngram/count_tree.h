// How often each token followed each context, for all context lengths at once: a tree in sorted
// arrays. The root is the empty context; a node's children extend its context by one token to the
// left (older), so the contexts of one history lie on one path. Own layout.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace symphony::models::ngram {

using TokenRun = std::span<const std::uint16_t>;  // a whole sequence, ending with the end token

// Nodes stand level by level (level = context length), children in the order of their parents.
struct CountTree {
    int vocabulary_size = 0;
    int end_token = 0;
    std::vector<std::uint64_t> level_begin;  // node where each level begins; one more closes
    std::vector<std::uint16_t> keys;         // of each node: the oldest token of its context
    std::vector<std::uint32_t> child_begin;  // children of i: [child_begin[i], child_begin[i+1])
    std::vector<std::uint32_t> entry_begin;  // entries of i likewise
    std::vector<std::uint16_t> tokens;       // of each entry, ascending inside a node
    std::vector<std::uint32_t> raw;          // times the token followed the context
    // Different tokens that stood to the left of context + token (Kneser & Ney 1995); where the
    // context starts with the sequence, nothing can stand there and the raw count is used.
    std::vector<std::uint32_t> continuations;

    int levels() const { return static_cast<int>(level_begin.size()) - 1; }
};

// Counts contexts of 0 .. max_context tokens in `sequences`, each of which begins after the end
// token. Time and memory grow with tokens x max_context. Precondition: at most 2^32 - 1 nodes.
CountTree count_contexts(std::span<const TokenRun> sequences, int vocabulary_size, int end_token,
                         int max_context);

// Node of the child of `node` with that key, -1 if there is none.
std::int64_t find_child(std::span<const std::uint16_t> keys,
                        std::span<const std::uint32_t> child_begin, std::int64_t node, int key);

}  // namespace symphony::models::ngram
