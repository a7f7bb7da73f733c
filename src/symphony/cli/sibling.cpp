#include "symphony/cli/sibling.h"

#include "symphony/base/error.h"
#include "symphony/base/file.h"
#include "symphony/base/text.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace symphony::cli {

namespace fs = std::filesystem;

const fs::path& own_program() {
    static const fs::path path = fs::read_symlink("/proc/self/exe");
    return path;
}

fs::path sibling_program(const std::string& name) {
    const fs::path path = own_program().parent_path() / name;
    return fs::exists(path) ? path : fs::path{};
}

void become(const fs::path& program) {
    const std::string line = base::read_file("/proc/self/cmdline").value();
    std::vector<std::string> arguments = base::split(line, '\0');
    arguments.pop_back();  // after the last argument's own zero
    arguments.front() = program;
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    ::execv(program.c_str(), argv.data());
    throw base::Error(base::ErrorKind::kInternal,
                      std::string("cannot start: ") + std::strerror(errno), program);
}

void become_trainer(const std::string& model) {
    const fs::path trainer = sibling_program("symphony-train");
    if (trainer.empty())
        throw base::Error(base::ErrorKind::kUsage,
                          model + " needs symphony-train, which this build is without", {},
                          "install libtorch-dev and build again, or train --model rnn or ngram");
    become(trainer);
}

}  // namespace symphony::cli
