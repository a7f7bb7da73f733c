// symphony: reads, explores, prepares, trains the n-gram and the hand-written RNN, evaluates,
// composes, shows. No torch here.
#include "symphony/cli/verbs.h"

int main(int argc, char** argv) {
    return symphony::cli::run_command_line(argc, argv, symphony::cli::symphony_verbs());
}
