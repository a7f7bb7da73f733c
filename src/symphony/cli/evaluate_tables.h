// Results of `evaluate` as tables for a terminal.
#pragma once

#include "symphony/evaluate/comparison.h"
#include "symphony/evaluate/generated_report.h"

#include <string>

namespace symphony::cli {

std::string format_table(const evaluate::Evaluation& evaluation);
std::string format_table(const evaluate::GeneratedReport& report);

}  // namespace symphony::cli
