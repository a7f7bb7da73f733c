// The 128 instruments of General MIDI Level 1 (MIDI Association, RP-003), by name.
#pragma once

#include <string_view>

namespace symphony::score {

// "Acoustic Grand Piano" for 0. Precondition: 0 <= program < 128.
std::string_view program_name(int program);

}  // namespace symphony::score
