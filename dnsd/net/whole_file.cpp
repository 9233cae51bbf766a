#include "dnsd/net/whole_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace net {
namespace {

struct Descriptor {
  int number;
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0) close(number);
  }
};

dns::Error cannot_read(const std::string& path) {
  return dns::Error{path + ": expected a file that can be read, found: " +
                    std::generic_category().message(errno)};
}

dns::Error too_large(const std::string& path, std::size_t most) {
  return dns::Error{path + ": expected a file of at most " + std::to_string(most) +
                    " bytes, found a larger one"};
}

/// Fills `out` until the file ends or has shown to be larger than `most`.
bool read_to_end(int file, std::size_t most, std::string& out) {
  constexpr std::size_t kStep = 65'536;
  for (std::size_t filled = 0;;) {
    if (out.size() == filled) out.resize(filled + kStep);
    const ssize_t count = read(file, out.data() + filled, out.size() - filled);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    filled += static_cast<std::size_t>(count);
    if (count > 0 && filled <= most) continue;
    out.resize(filled);
    return true;
  }
}

/// A file beside a text that it may be the same as, in steps that stay in the processor's cache.
class FileBeside {
 public:
  FileBeside(int file, std::size_t size, std::string_view known)
      : file_(file), size_(size), known_(known), both_(std::min(size, known.size())) {}

  /// Nothing: it is shorter by now, or longer.
  std::optional<Replacement> compare() {
    Replacement found;
    if (!pass_front(found) || !pass_back(found)) return {};
    const std::size_t between = size_ - found.front - found.back;
    found.bytes.reserve(between + kStep);  // room for what the caller may put around it
    const bool read = fill(found.bytes, found.front, between);
    char more = 0;
    if (!read || pread(file_, &more, 1, static_cast<off_t>(size_)) != 0) return {};
    return found;
  }

 private:
  static constexpr std::size_t kStep = 65'536;

  bool pass_front(Replacement& found) {
    while (found.front < both_) {
      const std::size_t count = std::min(kStep, both_ - found.front);
      if (!fill(step_, found.front, count)) return false;
      const auto known = known_.substr(found.front, count);
      if (step_ == known) {
        found.front += count;
        continue;
      }
      const auto other = std::mismatch(step_.begin(), step_.end(), known.begin()).first;
      found.front += static_cast<std::size_t>(other - step_.begin());
      return true;
    }
    return true;
  }
  bool pass_back(Replacement& found) {
    const std::size_t most = both_ - found.front;
    while (found.back < most) {
      const std::size_t count = std::min(kStep, most - found.back);
      if (!fill(step_, size_ - found.back - count, count)) return false;
      const auto known = known_.substr(known_.size() - found.back - count, count);
      if (step_ == known) {
        found.back += count;
        continue;
      }
      const auto other = std::mismatch(step_.rbegin(), step_.rend(), known.rbegin()).first;
      found.back += static_cast<std::size_t>(other - step_.rbegin());
      return true;
    }
    return true;
  }

  bool fill(std::string& out, std::size_t at, std::size_t count) const {
    out.resize(count);
    for (std::size_t filled = 0; filled < count;) {
      const ssize_t got =
          pread(file_, out.data() + filled, count - filled, static_cast<off_t>(at + filled));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      filled += static_cast<std::size_t>(got);
    }
    return true;
  }

  int file_;
  std::size_t size_;
  std::string_view known_;
  std::size_t both_;  // as long as the shorter of the two
  std::string step_;
};

dns::Error cannot_write(const std::string& path) {
  return dns::Error{path + ": cannot be written: " + std::generic_category().message(errno)};
}

bool write_to_end(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(file, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) return false;
    bytes.remove_prefix(count < 0 ? 0 : static_cast<std::size_t>(count));
  }
  return fsync(file) == 0;
}

void make_folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  if (slash != std::string::npos && slash > 0) mkdir(path.substr(0, slash).c_str(), 0700);
}

}  // namespace

dns::Result<dns::Done> write_whole_file(const std::string& path, std::string_view bytes) {
  make_folder_of(path);  // where it cannot be made, opening the file says so
  const std::string beside = path + ".new";
  const Descriptor file(
      open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (file.number < 0) return cannot_write(path);
  if (write_to_end(file.number, bytes) && rename(beside.c_str(), path.c_str()) == 0) {
    return dns::Done{};
  }
  const dns::Error error = cannot_write(path);
  unlink(beside.c_str());
  return error;
}

bool is_there(const std::string& path) {
  return access(path.c_str(), F_OK) == 0;
}

std::optional<Replacement> read_what_changed(const std::string& path, std::size_t most,
                                             std::string_view known) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat found {};
  if (file.number < 0 || fstat(file.number, &found) != 0 || !S_ISREG(found.st_mode)) return {};
  const auto size = static_cast<std::size_t>(found.st_size);
  if (size == 0 || size > most) return {};
  return FileBeside(file.number, size, known).compare();
}

dns::Result<std::string> read_whole_file(const std::string& path, std::size_t most) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat found {};
  if (file.number < 0 || fstat(file.number, &found) != 0) return cannot_read(path);
  if (!S_ISREG(found.st_mode)) return dns::Error{path + ": expected a file, found something else"};
  const auto size = static_cast<std::size_t>(found.st_size);
  if (size > most) return too_large(path, most);
  std::string bytes(size + 1, '\0');  // one more, to see the end
  if (!read_to_end(file.number, most, bytes)) return cannot_read(path);
  if (bytes.size() > most) return too_large(path, most);
  return bytes;
}

}  // namespace net
