#include "upstream/probe_reply.h"

#include <algorithm>
#include <charconv>

#include "dnsd/dns/lowered.h"

namespace upstream {
namespace {

constexpr std::size_t kLineKept = 256;  // longer lines say nothing that a probe wants
// So the last chunk begins, whatever else is in its line or behind it (RFC 9112, 7.1). Data that
// look so end the body early, which harms nobody: nothing of it is wanted.
constexpr std::string_view kLastChunk = "\n0";

std::string_view trimmed(std::string_view text) {
  const auto is_blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

/// `HTTP/1.1 200 OK`: the three digits; 0: it is none (RFC 9112, 4).
int status_of(std::string_view line) {
  if (!line.starts_with("HTTP/1.") || line.size() < 12 || line[8] != ' ') return 0;
  int status = 0;
  const char* const end = line.data() + 12;
  const auto read = std::from_chars(line.data() + 9, end, status);
  const bool ends_there = line.size() == 12 || line[12] == ' ' || line[12] == '\r';
  return read.ec == std::errc() && read.ptr == end && ends_there && status >= 100 ? status : 0;
}

}  // namespace

bool ProbeReply::read(std::string_view part) {
  while (!part.empty() && (stage_ == Stage::status_line || stage_ == Stage::head)) {
    part.remove_prefix(read_line(part));
  }
  if (stage_ == Stage::body) read_body(part);
  return stage_ == Stage::over;
}

/// The part's bytes up to the end of the line, which is taken when it is whole.
std::size_t ProbeReply::read_line(std::string_view part) {
  const std::size_t end = part.find('\n');
  const std::size_t size = end == std::string_view::npos ? part.size() : end + 1;
  head_ += size;
  if (head_ > kProbeHeadMost) {
    fail("a head of more than " + std::to_string(kProbeHeadMost) + " bytes");
    return size;
  }
  line_ += part.substr(0, std::min(size, kLineKept - std::min(kLineKept, line_.size())));
  if (stage_ == Stage::status_line &&
      !std::string_view("HTTP/1.").starts_with(line_.substr(0, 7))) {
    fail("no answer in HTTP/1");
  } else if (end != std::string_view::npos) {
    take_line(trimmed(std::string_view(line_).substr(0, line_.find('\n'))));
    line_.clear();
  }
  return size;
}

void ProbeReply::take_line(std::string_view line) {
  if (stage_ == Stage::status_line) return take_status(line);
  line.empty() ? end_head() : take_header(line);
}

void ProbeReply::take_status(std::string_view line) {
  status_ = status_of(line);
  if (status_ == 0) return fail("no answer in HTTP/1");
  stage_ = Stage::head;
}

void ProbeReply::take_header(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const std::string name = dns::lowered(trimmed(line.substr(0, colon)));
  const std::string value = dns::lowered(trimmed(line.substr(colon + 1)));
  if (name == "transfer-encoding") chunked_ = value.ends_with("chunked");
  if (name != "content-length") return;
  const auto read = std::from_chars(value.data(), value.data() + value.size(), length_);
  has_length_ = read.ec == std::errc() && read.ptr == value.data() + value.size();
  if (!has_length_) fail("a Content-Length that is no number");
}

/// An interim answer (RFC 9110, 15.2) has another one behind it.
void ProbeReply::end_head() {
  const bool interim = status_ < 200 && status_ != 101;
  stage_ = interim ? Stage::status_line : Stage::body;
  const bool no_body = status_ == 101 || status_ == 204 || status_ == 304;
  if (!interim && no_body) be_over();
  if (interim) has_length_ = chunked_ = false;
}

void ProbeReply::read_body(std::string_view part) {
  body_ += part.size();
  if (has_length_ && !chunked_ && body_ >= length_) return be_over();
  if (body_ >= kProbeBodyMost) return be_over();
  if (!chunked_) return;
  if (tail_.empty()) tail_ = "\n";  // the head's last line ended so
  tail_ += part;
  if (tail_.find(kLastChunk) != std::string::npos) return be_over();
  tail_.erase(0, tail_.size() - std::min(tail_.size(), kLastChunk.size()));
}

void ProbeReply::ended() {
  const bool wants_more = has_length_ || chunked_;
  if (stage_ == Stage::status_line || stage_ == Stage::head) {
    return fail(head_ == 0 ? "ended without an answer" : "ended within its head");
  }
  if (stage_ == Stage::body && wants_more) return fail("ended within its body");
  be_over();
}

void ProbeReply::fail(std::string why) {
  fault_ = std::move(why);
  be_over();
}

}  // namespace upstream
