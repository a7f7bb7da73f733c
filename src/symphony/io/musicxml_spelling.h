// Note names from key and context. Source: D. Temperley, "The Cognition of Basic Musical
// Structures" (2001), chapter 5: the line of fifths, with its pitch-variance and voice-leading
// rules.
#pragma once

#include "symphony/io/musicxml_notation.h"

#include <vector>

namespace symphony::io::musicxml {

// Spells every pitched note: on the line of fifths, the name nearest to a centre that lies between
// the key's own notes and those heard in the last bars, where a chromatic semitone leads onward by
// step. `keys` sorted by onset; C major before the first.
void spell(std::vector<NotatedPart>& parts, const std::vector<score::KeyChange>& keys);

// MIDI pitch of a spelling.
int pitch_of(const Spelling& spelling);

}  // namespace symphony::io::musicxml
