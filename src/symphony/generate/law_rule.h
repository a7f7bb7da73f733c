// Laws about notes (note_law.h) and plans of chords and parts as rules of the composer, for the
// schemes whose tokens say bars, positions and notes (remi, note).
#pragma once

#include "symphony/generate/law_walk.h"
#include "symphony/generate/note_law.h"
#include "symphony/generate/rule.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace symphony::generate {

// Can laws be obeyed in this scheme?
bool can_obey(const tokens::Tokenizer& tokenizer);

// Lets only tokens pass that lead to notes which all laws allow and training music had (unseen[id]
// = 1: it had not; empty: any). The take's first bar is number `first_bar` of the music that the
// laws speak of; `seed` decides where a law weaker than 1 holds. Precondition: can_obey(tokenizer).
std::unique_ptr<Rule> obey(Laws laws, const tokens::Tokenizer& tokenizer,
                           std::span<const std::uint8_t> unseen, int first_bar, std::uint64_t seed);

// Where the tokens announce chords: those of the track and no others. Precondition: can_obey.
std::unique_ptr<Rule> announce_chords(ChordTrack track, const tokens::Tokenizer& tokenizer,
                                      int first_bar);

// The piece is for exactly these players, in this order: their Part tokens. Precondition: can_obey.
std::unique_ptr<Rule> play_by(std::vector<tokens::TokenId> parts,
                              const tokens::Tokenizer& tokenizer);

// In the last bar: no note begins within the last beat or ends there before the bar does, and the
// end comes when every part of the ending (Close) sounds to the bar's end; where all close
// together, on the tonic triad of the key in force with its root below, if the laws leave it. What
// is composed so mostly ends properly (ends_properly); whoever asks must still look. Precondition:
// can_obey.
std::unique_ptr<Rule> lead_to_close(Close close, const tokens::Tokenizer& tokenizer,
                                    std::span<const std::uint8_t> unseen, Laws laws, int first_bar);

// The Part tokens that the words name, each a name ("Violin", "Piano"), a General MIDI instrument
// or a program number; a word said twice is the first and the second such player. Error (kUsage)
// for a word that no part of the vocabulary fits, with those there are. `taken` play already.
std::vector<tokens::TokenId> parts_named(const tokens::Tokenizer& tokenizer,
                                         std::span<const std::string> words,
                                         std::span<const tokens::TokenId> taken = {});

}  // namespace symphony::generate
