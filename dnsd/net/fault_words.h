// What a socket's error is called, in a word or two: `refused`, `timed out`.
#pragma once

#include <string>

namespace net {

/// `error` is an errno, of either sign.
std::string fault_words(int error);

/// Whether this process, or its host, lacks memory or files: no word of the other side.
bool is_lack(int error);

/// The other side ended the connection, in order.
bool is_end(int error);

}  // namespace net
