// What an HTTP server answers to a probe: its status, as soon as enough of the answer was heard.
//
// Pure; not thread-safe. A probe wants the status, and that the server goes on to the end of its
// head and of a short body; nothing is kept of either. What comes in is hostile: lines of any
// length, heads and bodies without end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace upstream {

constexpr std::size_t kProbeHeadMost = 65'536;  // bytes of head, interim answers included
constexpr std::size_t kProbeBodyMost = 4096;    // bytes of body that are waited for

class ProbeReply {
 public:
  /// Reads on. True: enough was heard, or nothing good can come any more.
  bool read(std::string_view part);
  /// The server ended the connection: what was heard is all.
  void ended();

  /// Why it is no answer; empty: it is one. REQUIRES: read() said true, or ended().
  const std::string& fault() const { return fault_; }
  int status() const { return status_; }

 private:
  enum class Stage : std::uint8_t { status_line, head, body, over };

  std::size_t read_line(std::string_view part);
  void take_line(std::string_view line);
  void take_status(std::string_view line);
  void take_header(std::string_view line);
  void end_head();
  void read_body(std::string_view part);
  void fail(std::string why);
  void be_over() { stage_ = Stage::over; }

  Stage stage_ = Stage::status_line;
  int status_ = 0;
  std::string line_;      // the current one, as far as it is of use
  std::size_t head_ = 0;  // bytes of it
  std::size_t body_ = 0;
  std::size_t length_ = 0;  // Content-Length
  bool has_length_ = false;
  bool chunked_ = false;
  std::string tail_;  // of a chunked body
  std::string fault_;
};

}  // namespace upstream
