#include "symphony/base/error.h"

#include <fmt/format.h>

namespace symphony::base {

int exit_code(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::kInternal:
            return 1;
        case ErrorKind::kUsage:
            return 2;
        case ErrorKind::kInput:
            return 3;
        case ErrorKind::kDiverged:
            return 4;
        case ErrorKind::kModel:
            return 5;
        case ErrorKind::kInterrupted:
            return 75;
    }
    return 1;
}

std::string Error::format() const {
    std::string text = "error: ";
    if (!path.empty()) text += path + ": ";
    text += message;
    if (offset) text += fmt::format(" at byte {}", *offset);
    if (!hint.empty()) text += "\nhint: " + hint;
    return text;
}

}  // namespace symphony::base
