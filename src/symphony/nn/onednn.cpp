#include "symphony/nn/onednn.h"

#include "symphony/base/shared_library.h"

namespace symphony::nn {

void* onednn_function(const char* name) {
    static const base::SharedLibrary library(SYMPHONY_DNNL_SONAME, "libdnnl2");
    return library.function(name);
}

}  // namespace symphony::nn
