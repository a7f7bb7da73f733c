#include "symphony/nn/onednn.h"

#include "symphony/base/shared_library.h"
#include "symphony/nn/cpu_limit.h"

namespace symphony::nn {

namespace {

base::SharedLibrary open_onednn() {
    base::SharedLibrary library(SYMPHONY_DNNL_SONAME, "libdnnl2");
    // Before anything else is called, or it is too late.
    if (limited_to_avx2())
        reinterpret_cast<decltype(&::dnnl_set_max_cpu_isa)>(
            library.function("dnnl_set_max_cpu_isa"))(dnnl_cpu_isa_avx2);
    return library;
}

}  // namespace

void* onednn_function(const char* name) {
    static const base::SharedLibrary library = open_onednn();
    return library.function(name);
}

}  // namespace symphony::nn
