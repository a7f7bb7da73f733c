// A verb of the command line: its table of options, its examples, and what it does. One
// cmd_<verb>.cpp each.
#pragma once

#include "symphony/base/json.h"
#include "symphony/base/option_table.h"
#include "symphony/base/progress.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace symphony::cli {

// What every verb is given. Data goes to standard output through print or print_json; everything
// else to progress (standard error).
struct Context {
    bool json = false;      // --json: one JSON document on standard output and nothing else there
    std::int64_t seed = 1;  // --seed
    int threads = 0;        // --threads, 0: all cores
    std::string progress_style = "auto";
    base::Progress* progress = nullptr;
    std::string program;                   // argv[0], to name ourselves in hints
    base::OptionTable* options = nullptr;  // of the running verb: options->given("bars")

    void print(const std::string& text) const;  // one line or more; a newline is added
    void print_json(const base::Json& json) const;
};

// A verb's options and work. One object lives for one run.
class Verb {
  public:
    virtual ~Verb() = default;
    virtual void describe(base::OptionTable& table) = 0;
    // Returns the exit code; throws base::Error for what the user must be told.
    virtual int run(const Context& context) = 0;
};

struct VerbEntry {
    std::string name;
    std::string summary;  // one line
    std::vector<std::string>
        examples;  // shown first in --help: "symphony show song.mid -o song.svg"
    std::function<std::unique_ptr<Verb>()> make;
};

// Defined by each cmd_<verb>.cpp; listed in verbs.cpp (symphony) and train_main.cpp
// (symphony-train).
VerbEntry accompany_verb();
VerbEntry bench_verb();
VerbEntry card_verb();
VerbEntry check_verb();
VerbEntry completions_verb();
VerbEntry convert_verb();
VerbEntry copying_verb();
VerbEntry corpus_verb();
VerbEntry demo_verb();
VerbEntry doctor_verb();
VerbEntry evaluate_verb();
VerbEntry explore_verb();
VerbEntry export_verb();
VerbEntry fidelity_verb();
VerbEntry fill_verb();
VerbEntry find_verb();
VerbEntry generate_verb();
VerbEntry import_verb();
VerbEntry learn_verb();
VerbEntry listen_test_verb();
VerbEntry merge_verb();
VerbEntry prepare_verb();
VerbEntry repair_verb();
VerbEntry report_verb();
VerbEntry reproduce_verb();
VerbEntry show_verb();
VerbEntry sweep_verb();
VerbEntry takes_verb();
VerbEntry train_verb();
VerbEntry tune_verb();
VerbEntry vary_verb();
VerbEntry verify_verb();

// Parses the command line against the verbs' tables, runs one verb and returns the exit code. Every
// verb also has --json, --seed,
// --threads, --progress, --config FILE (TOML or .json) and --set NAME=VALUE, and these names in
// such files, too.
int run_command_line(int argc, char** argv, const std::vector<VerbEntry>& verbs);

}  // namespace symphony::cli
