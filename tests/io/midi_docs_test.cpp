// docs/midi.md shows the table of diagnostics as the code has it.
#include "symphony/base/file.h"
#include "symphony/base/text.h"
#include "symphony/io/midi_diagnostics.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace symphony::io {
namespace {

TEST(MidiDocs, TableIsThatOfTheCode) {
    const std::string path = std::string(SYMPHONY_SOURCE_DIR) + "/docs/midi.md";
    std::vector<std::string> shown, expected;
    for (const std::string& line : base::split(base::read_file(path).value(), '\n'))
        if (line.starts_with("| MID")) shown.push_back(line);
    for (const DiagnosticKind& kind : midi_diagnostic_kinds())
        expected.push_back("| " + std::string(kind.code) + " | " + std::string(kind.name) + " | " +
                           std::string(severity_name(kind.severity)) + " | " +
                           std::string(kind.meaning) + " |");
    EXPECT_EQ(shown, expected);
}

}  // namespace
}  // namespace symphony::io
