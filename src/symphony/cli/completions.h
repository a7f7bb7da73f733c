// Shell completions made from the verbs' own tables.
#pragma once

#include "symphony/cli/verb.h"

#include <string>
#include <vector>

namespace symphony::cli {

// Prints completions for "bash", "zsh" or "fish"; returns the exit code. Throws Error (kUsage) for
// another shell.
int print_completions(const std::string& shell, const std::vector<VerbEntry>& verbs);

}  // namespace symphony::cli
