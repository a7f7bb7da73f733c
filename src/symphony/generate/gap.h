// Music that is partly given: gaps to fill, parts to add, bars to vary. What is open is composed by
// a model that has been told what is given before it (tokens::GivenCells); everything else of the
// source comes back as it was, event for event. Source: own.
#pragma once

#include "symphony/generate/composer.h"
#include "symphony/score/score.h"
#include "symphony/tokens/stream_tokenizer.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace symphony::generate {

struct Gap {
    // [bar][part of the source]: is composed anew. As many rows as the source has bars.
    std::vector<std::vector<bool>> open;
    // Players that are added, in this order, as parts_named() reads them; their cells are all open.
    std::vector<std::string> added;
    // Players that the model may choose to add besides, at least one unless some are `added`.
    int most_chosen = 0;
};

// What fills a gap: the parts of a Request that follow from it, and the way back.
class GapPlan {
  public:
    // `source` must outlive the plan. Error (kUsage) if nothing is open or the tokenizer cannot be
    // told notes ahead, (kInput) naming `name` for a player, drum or metre that the model does not
    // know.
    GapPlan(const tokens::StreamTokenizer& tokenizer, const score::Score& source, Gap gap,
            const std::string& name, std::span<const std::uint8_t> unseen);

    // Sets prime, script, bars, first_bar and adds the law that keeps to the gap; a limit of
    // copying is then one of what is composed, and of what goes on from there. The plan must
    // outlive the request.
    void ask(Request& request) const;
    // The source with the gap filled by a take that was so asked for.
    score::Score filled(const Take& take) const;
    // What was open in the filled piece, as records keep it: (bar, part among those that play).
    std::vector<std::pair<int, int>> open_cells(const score::Score& filled) const;
    // The first and the last bar with anything open, from 0.
    int first_bar() const { return first_; }
    int last_bar() const { return last_; }

  private:
    void find_span();
    void spell(const score::Score& excerpt, std::span<const std::uint8_t> unseen,
               const std::string& name);
    bool open(int bar, std::size_t part) const;  // a bar of the source, a part of the tokens

    const tokens::StreamTokenizer& tokenizer_;
    const score::Score& source_;
    Gap gap_;
    int first_ = 0, last_ = 0;
    int begin_ = 0;                       // the excerpt's first bar
    std::vector<std::size_t> source_of_;  // the source's part of each part of the tokens
    Prime prime_;
    Script script_;
    std::vector<tokens::TokenId> players_;  // of the whole piece, where players are added by name
};

}  // namespace symphony::generate
