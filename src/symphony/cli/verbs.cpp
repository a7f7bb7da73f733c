#include "symphony/cli/verbs.h"

namespace symphony::cli {

std::vector<VerbEntry> symphony_verbs() {
    return {
        check_verb(),    repair_verb(),      convert_verb(),   demo_verb(),    learn_verb(),
        explore_verb(),  find_verb(),        fidelity_verb(),  prepare_verb(), corpus_verb(),
        show_verb(),     report_verb(),      evaluate_verb(),  copying_verb(), listen_test_verb(),
        generate_verb(), fill_verb(),        accompany_verb(), vary_verb(),    verify_verb(),
        takes_verb(),    reproduce_verb(),   import_verb(),    merge_verb(),   export_verb(),
        card_verb(),     bench_verb(),       doctor_verb(),    train_verb(),   tune_verb(),
        sweep_verb(),    completions_verb(),
    };
}

}  // namespace symphony::cli
