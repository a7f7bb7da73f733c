// Names and kinds of token ids. Ids are dense, 0..size-1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace symphony::tokens {

using TokenId = int;

// What a token tells, for splitting a model's bits per note.
enum class TokenKind : std::uint8_t { kPitch, kOnset, kLength, kPart, kDynamics, kOther };
inline constexpr int kTokenKinds = 6;
std::string_view token_kind_name(
    TokenKind kind);  // "pitch", "onset", "length", "part", "dynamics", "other"

class Vocabulary {
  public:
    // Appends a token; its id is returned. Precondition: the name is new.
    TokenId add(std::string name, TokenKind kind);

    int size() const { return static_cast<int>(names_.size()); }
    const std::string& name(TokenId id) const { return names_[static_cast<std::size_t>(id)]; }
    TokenKind kind(TokenId id) const { return kinds_[static_cast<std::size_t>(id)]; }
    // -1 if there is no such token.
    TokenId find(std::string_view name) const;

  private:
    std::vector<std::string> names_;
    std::vector<TokenKind> kinds_;
    std::unordered_map<std::string, TokenId> ids_;
};

}  // namespace symphony::tokens
