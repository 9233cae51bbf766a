#include "dnsd/net/shared_library.h"

#include <dlfcn.h>

#include <stdexcept>

namespace net {

SharedLibrary::SharedLibrary(const std::string& file, const std::string& package)
    : file_(file), handle_(dlopen(file.c_str(), RTLD_LAZY | RTLD_LOCAL)) {
  if (handle_ != nullptr) return;
  throw std::runtime_error(file + " cannot be loaded; install the package " + package + " (" +
                           dlerror() +
                           ")");  // NOLINT(concurrency-mt-unsafe): glibc keeps it a thread
}

void* SharedLibrary::find(const char* name) const {
  void* found = dlsym(handle_, name);
  if (found != nullptr) return found;
  throw std::runtime_error(file_ + " has no " + name + "; it is too old for this program");
}

}  // namespace net
