// symphony-train: the verbs that need libtorch. symphony starts it; nobody else needs to.
#include "symphony/cli/train_command.h"
#include "symphony/cli/tune_command.h"
#include "symphony/training/torch/blas.h"
#include "symphony/training/torch/stock_operations.h"
#include "symphony/training/torch/torch_trainee.h"

#include <iostream>
#include <string_view>

int main(int argc, char** argv) {
    using symphony::training::make_torch_trainee;
    if (argc == 2 && std::string_view(argv[1]) == "--blas") {  // asked by `symphony doctor`
        std::cout << symphony::training::blas_in_use().path << '\n';
        return 0;
    }
    const symphony::cli::StockLibrary libtorch{
        symphony::training::libtorch_version(),
        [](bool bf16) { return std::make_shared<symphony::training::StockOperations>(bf16); }};
    return symphony::cli::run_command_line(
        argc, argv,
        {symphony::cli::make_bench_verb(make_torch_trainee,
                                        symphony::training::make_torch_frame_trainee, libtorch),
         symphony::cli::make_train_verb(make_torch_trainee),
         symphony::cli::make_tune_verb(make_torch_trainee)});
}
