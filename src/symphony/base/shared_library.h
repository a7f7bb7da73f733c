// A library that is loaded when it is first needed, so that verbs without it start without it.
// Binding a large one costs milliseconds (docs/performance-notes.md).
#pragma once

#include <string>

namespace symphony::base {

class SharedLibrary {
  public:
    // `file`: a soname, searched as the dynamic loader does, or a path; `package`: what brings it.
    // Throws Error (kInput) if it cannot be loaded. It stays loaded until the process ends.
    SharedLibrary(std::string file, std::string package);

    // Throws Error (kInput) if the library has no such function.
    void* function(const char* name) const;
    // Null if there is none.
    void* function_if_any(const char* name) const;

  private:
    [[noreturn]] void fail(const std::string& message) const;

    std::string file_, package_;
    void* handle_;
};

}  // namespace symphony::base
