#include "symphony/base/shared_library.h"

#include "symphony/base/error.h"

#include <dlfcn.h>

namespace symphony::base {

SharedLibrary::SharedLibrary(std::string file, std::string package)
    : file_(std::move(file)),
      package_(std::move(package)),
      handle_(dlopen(file_.c_str(), RTLD_LAZY | RTLD_LOCAL)) {
    if (handle_ == nullptr) fail(std::string("cannot be loaded: ") + dlerror());
}

void* SharedLibrary::function(const char* name) const {
    void* const found = function_if_any(name);
    if (found == nullptr) fail(std::string("has no function ") + name);
    return found;
}

void* SharedLibrary::function_if_any(const char* name) const { return dlsym(handle_, name); }

void SharedLibrary::fail(const std::string& message) const {
    throw Error(ErrorKind::kInput, message, file_, "apt install " + package_);
}

}  // namespace symphony::base
