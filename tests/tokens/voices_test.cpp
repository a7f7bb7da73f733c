#include "symphony/tokens/voices.h"

#include "symphony/tokens/stream_tokenizer.h"

#include <gtest/gtest.h>

namespace symphony::tokens {
namespace {

GridPiece piece_of(std::vector<GridNote> notes, std::size_t voices) {
    GridPiece piece;
    piece.notes = std::move(notes);
    piece.parts.resize(voices);
    return piece;
}

std::vector<int> voices_of(const GridPiece& piece) {
    std::vector<int> voices;
    for (const GridNote& note : piece.notes) voices.push_back(note.part);
    return voices;
}

TEST(GuessVoices, AMovingVoiceIsTheOneThatIsFree) {
    // Four notes; then the second moves twice while the others hold; then all move.
    auto piece = piece_of({{.onset = 0, .end = 24, .pitch = 72},
                           {.onset = 0, .end = 12, .pitch = 67},
                           {.onset = 0, .end = 24, .pitch = 60},
                           {.onset = 0, .end = 24, .pitch = 48},
                           {.onset = 12, .end = 18, .pitch = 69},
                           {.onset = 18, .end = 24, .pitch = 71},
                           {.onset = 24, .end = 36, .pitch = 72},
                           {.onset = 24, .end = 36, .pitch = 60},
                           {.onset = 24, .end = 36, .pitch = 52}},
                          4);
    guess_voices(piece);
    EXPECT_EQ(voices_of(piece), (std::vector<int>{0, 1, 2, 3, 1, 1, 0, 2, 3}));
}

TEST(GuessVoices, MoreNotesThanVoicesShare) {
    auto piece = piece_of({{.onset = 0, .end = 24, .pitch = 72},
                           {.onset = 0, .end = 24, .pitch = 71},
                           {.onset = 0, .end = 24, .pitch = 48}},
                          2);
    guess_voices(piece);
    EXPECT_EQ(voices_of(piece), (std::vector<int>{0, 0, 1}));
}

TEST(GuessVoices, TheNoteSchemeDecodesToTheCorpusEnsemble) {
    score::Score score;
    score.ticks_per_quarter = 1;
    for (const char* name : {"Soprano", "Bass"}) {
        score::Part part{.name = name, .program = 52};
        for (int i = 0; i < 4; ++i)
            part.notes.push_back({score::Ticks(i), score::Ticks(1),
                                  static_cast<std::uint8_t>((name[0] == 'S' ? 72 : 48) + i)});
        score.parts.push_back(part);
    }
    const auto tokenizer = learn_tokenizer(std::span(&score, 1), {.scheme = "note"});
    const score::Score decoded = tokenizer->decode(tokenizer->encode(score).ids);
    ASSERT_EQ(decoded.parts.size(), 2U);
    EXPECT_EQ(decoded.parts[0].name, "Soprano");
    EXPECT_EQ(decoded.parts[1].name, "Bass");
    EXPECT_EQ(decoded.parts[0].notes.size(), 4U);
    EXPECT_EQ(decoded.parts[1].notes.size(), 4U);
    EXPECT_EQ(tokenizer_from_json(tokenizer->to_json())->to_json(), tokenizer->to_json());
}

}  // namespace
}  // namespace symphony::tokens
