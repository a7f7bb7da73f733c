#include "symphony/base/stop_signal.h"

#include "symphony/base/error.h"

#include <unistd.h>

#include <csignal>

namespace symphony::base {
namespace {

volatile std::sig_atomic_t requested = 0;

extern "C" void on_stop_signal(int) {
    if (requested) _exit(130);
    requested = 1;
}

}  // namespace

void install_stop_handlers() {
    struct sigaction action {};
    action.sa_handler = on_stop_signal;
    sigemptyset(&action.sa_mask);
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool stop_requested() { return requested != 0; }

void throw_if_stop_requested() {
    if (stop_requested())
        throw Error(ErrorKind::kInterrupted, "stopped on request", {}, "the same command goes on");
}

}  // namespace symphony::base
