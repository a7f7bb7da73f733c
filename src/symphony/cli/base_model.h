// The model that comes with Symphony.
#pragma once

#include <filesystem>

namespace symphony::cli {

// Its folder: beside an installed program, else in the checkout that this build was made in; empty
// if there is none.
std::filesystem::path base_model();

}  // namespace symphony::cli
