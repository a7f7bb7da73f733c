// Tables of a fidelity audit for its page: a row a scheme, cells the redder the more is missing.
#pragma once

#include "symphony/corpus/fidelity_audit.h"

#include <string>
#include <vector>

namespace symphony::view {

// Each as HTML, of the schemes that took the pieces.
using Audits = std::vector<const corpus::SchemeAudit*>;

// What the pieces are like, on which the advice rests.
std::string files_html(const corpus::FidelityReport& report);
// What becomes of the notes, as one bar a scheme.
std::string fates_html(const corpus::FidelityReport& report, const Audits& audits);
std::string notes_table(const corpus::FidelityReport& report, const Audits& audits);
std::string context_table(const corpus::FidelityReport& report, const Audits& audits);
std::string moved_table(const corpus::FidelityReport& report, const Audits& audits);
std::string cost_table(const corpus::FidelityReport& report, const Audits& audits);

// "in place", "20", "> 100": a bin of the histogram of how far notes moved, in ms.
std::string moved_edge(std::size_t bin);

}  // namespace symphony::view
