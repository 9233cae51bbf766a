// A shared library that is loaded while the program runs, and stays.
#pragma once

#include <string>

namespace net {

class SharedLibrary {
 public:
  /// Loads `file` (`libcurl.so.4`). Throws std::runtime_error with the Debian
  /// package to install when it is not there.
  SharedLibrary(const std::string& file, const std::string& package);

  /// Points `function` at the library's function of that name. Throws
  /// std::runtime_error when it has none.
  template <typename Function>
  void find(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(find(name));
  }

 private:
  void* find(const char* name) const;

  std::string file_;
  void* handle_;
};

}  // namespace net
