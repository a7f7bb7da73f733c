// Changed copies of a piece, as they turn up in collections: transposed, on other tracks, at other
// speeds, played, cut, edited. All draws come from the piece's number. Own.
#pragma once

#include "symphony/score/score.h"

#include <array>
#include <cstdint>
#include <optional>

namespace symphony::tools {

// The changed copy; nothing where the piece does not allow it (one part cannot be dropped from one,
// sixteen bars cannot be cut from ten).
using MakeCopy = std::optional<score::Score> (*)(const score::Score& score, std::uint64_t seed);

struct CopyKind {
    const char* name;
    MakeCopy make;
};

extern const std::array<CopyKind, 16> kCopyKinds;

}  // namespace symphony::tools
