// The other executables of the same build or installation, found beside the running one.
#pragma once

#include <filesystem>
#include <string>

namespace symphony::cli {

// Full path of the running executable, as it was at the first call.
const std::filesystem::path& own_program();
// `name` in the folder of the running executable; empty if it is not there.
std::filesystem::path sibling_program(const std::string& name);

// Turns this process into `program` with the arguments that it was itself started with. Throws
// Error (kInternal) if that fails.
[[noreturn]] void become(const std::filesystem::path& program);

// The same with symphony-train, which trains `model` (its family). Throws Error (kUsage) if this
// build is without it.
[[noreturn]] void become_trainer(const std::string& model);

}  // namespace symphony::cli
