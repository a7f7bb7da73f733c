#include "symphony/tokens/vocabulary.h"

#include <array>
#include <cassert>

namespace symphony::tokens {

std::string_view token_kind_name(TokenKind kind) {
    constexpr std::array<std::string_view, kTokenKinds> kNames{"pitch", "onset",    "length",
                                                               "part",  "dynamics", "other"};
    return kNames[static_cast<std::size_t>(kind)];
}

TokenId Vocabulary::add(std::string name, TokenKind kind) {
    const TokenId id = size();
    [[maybe_unused]] const bool is_new = ids_.emplace(name, id).second;
    assert(is_new);
    names_.push_back(std::move(name));
    kinds_.push_back(kind);
    return id;
}

TokenId Vocabulary::find(std::string_view name) const {
    const auto found = ids_.find(std::string(name));
    return found == ids_.end() ? -1 : found->second;
}

}  // namespace symphony::tokens
