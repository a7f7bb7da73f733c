// First Ctrl-C (SIGINT or SIGTERM): long work sees stop_requested(), saves and ends with exit
// code 75. Second: exit 130 now.
#pragma once

namespace symphony::base {

// Called once by main. Libraries only ask.
void install_stop_handlers();
bool stop_requested();
// Throws Error (kInterrupted) if a stop was requested: for work that has nothing to save.
void throw_if_stop_requested();

}  // namespace symphony::base
