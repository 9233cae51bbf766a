#include "dnsd/net/curl_transfer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>

#include "dnsd/dns/lowered.h"
#include "dnsd/net/fault_words.h"

namespace net {
namespace {

// Far more than any catalog sends; an endless header must not fill the memory.
constexpr std::size_t kHeaderLimit = 65536;

std::string_view trimmed(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string bracketed(const dns::IpAddress& address) {
  return address.is_v4() ? address.to_text() : "[" + address.to_text() + "]";
}

/// `+host:port:10.0.0.1,[2001:db8::1]`, as CURLOPT_RESOLVE wants it; with the +, libcurl forgets it
/// after a while.
std::string resolve_line(const ResolvedHost& resolved) {
  std::string line = "+" + resolved.host.name + ":" + std::to_string(resolved.host.port) + ":";
  for (const auto& address : resolved.addresses) {
    if (!line.ends_with(':')) line += ',';
    line += bracketed(address);
  }
  return line;
}

/// A new connection's host is probed after 2 s of silence, and given up after 2 more without a
/// word.
int probe_host(void*, curl_socket_t socket, curlsocktype) {
  constexpr int kOn = 1, kSilence = 2, kBetween = 1, kProbes = 2;
  constexpr int kUnheard = 4'000;  // ms that sent bytes may stay unheard of
  setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &kOn, sizeof kOn);
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPIDLE, &kSilence, sizeof kSilence);
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPINTVL, &kBetween, sizeof kBetween);
  setsockopt(socket, IPPROTO_TCP, TCP_KEEPCNT, &kProbes, sizeof kProbes);
  setsockopt(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, &kUnheard, sizeof kUnheard);
  return CURL_SOCKOPT_OK;  // a kernel that knows none of this only notices later
}

/// Called before libcurl would ask the C library for an address.
int refuse_to_resolve(void*, void*, void*) {
  return 1;
}

}  // namespace

CurlTransfer::CurlTransfer(const HttpRequest& request, const HttpTarget& target,
                           const std::vector<ResolvedHost>& resolved)
    : shown_(request.method + ' ' + target.shown), request_(request), easy_(curl().easy_init()) {
  if (!easy_) std::abort();
  set_what(request, target);
  set_method(request_);
  set_time(request);
  set_how(target, request_);
  set_addresses(target, resolved);
}

void CurlTransfer::append(Lines& lines, const std::string& line) {
  curl_slist* longer = curl().slist_append(lines.get(), line.c_str());
  if (longer == nullptr) std::abort();
  static_cast<void>(lines.release());
  lines.reset(longer);
}

void CurlTransfer::set_what(const HttpRequest& request, const HttpTarget& target) {
  CURL* easy = easy_.get();
  for (const auto& header : request.headers) append(headers_, header);
  curl().easy_setopt(easy, CURLOPT_URL, target.url.c_str());
  curl().easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  curl().easy_setopt(easy, CURLOPT_USERAGENT, "signpost/" SIGNPOST_VERSION);
  curl().easy_setopt(easy, CURLOPT_HEADERFUNCTION, &on_header);
  curl().easy_setopt(easy, CURLOPT_HEADERDATA, this);
  curl().easy_setopt(easy, CURLOPT_WRITEFUNCTION, &on_body);
  curl().easy_setopt(easy, CURLOPT_WRITEDATA, this);
  curl().easy_setopt(easy, CURLOPT_ERRORBUFFER, error_.data());
}

/// REQUIRES: `request` is ours, libcurl reads its body in place.
void CurlTransfer::set_method(const HttpRequest& request) {
  CURL* easy = easy_.get();
  if (request.method == "GET") return;
  append(headers_, "Expect:");  // no round trip to ask whether the body is welcome
  curl().easy_setopt(easy, CURLOPT_HTTPHEADER, headers_.get());
  curl().easy_setopt(easy, CURLOPT_POST, 1L);
  curl().easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  curl().easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  curl().easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void CurlTransfer::set_time(const HttpRequest& request) {
  CURL* easy = easy_.get();
  if (!request.on_part) {
    curl().easy_setopt(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    return;
  }
  const auto silence = std::chrono::ceil<dns::Seconds>(request.timeout);
  curl().easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.timeout.count()));
  curl().easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl().easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, static_cast<long>(silence.count()));
}

void CurlTransfer::set_how(const HttpTarget& target, const HttpRequest& request) {
  const HttpTls& tls = request.tls;
  CURL* easy = easy_.get();
  curl().easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl().easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
  curl().easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
  curl().easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  if (!request.probed) curl().easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
  if (request.probed) curl().easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, &probe_host);
  if (request.gzip) curl().easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
  // Our choice stands: an empty proxy is none, and no exceptions are left to find.
  curl().easy_setopt(easy, CURLOPT_PROXY, target.proxy.c_str());
  curl().easy_setopt(easy, CURLOPT_NOPROXY, "");
  // Where another system than Debian keeps its authorities, as OpenSSL has it.
  const char* authorities = std::getenv("SSL_CERT_FILE");  // NOLINT(concurrency-mt-unsafe)
  if (tls.verify && authorities != nullptr && *authorities != '\0')
    curl().easy_setopt(easy, CURLOPT_CAINFO, authorities);
  if (!tls.verify) {
    curl().easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L);
    curl().easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    // Reading the authorities would cost more than all the rest of a probe.
    curl().easy_setopt(easy, CURLOPT_CAINFO, nullptr);
    curl().easy_setopt(easy, CURLOPT_CAPATH, nullptr);
  }
  if (!tls.ca_file.empty()) curl().easy_setopt(easy, CURLOPT_CAINFO, tls.ca_file.c_str());
  if (!tls.cert_file.empty()) curl().easy_setopt(easy, CURLOPT_SSLCERT, tls.cert_file.c_str());
  if (!tls.key_file.empty()) curl().easy_setopt(easy, CURLOPT_SSLKEY, tls.key_file.c_str());
}

/// Without a word in libcurl's memory of addresses, which every transfer walks through.
void CurlTransfer::connect_to(const dns::IpAddress& address) {
  CURL* easy = easy_.get();
  append(addresses_, "::" + bracketed(address) + ":");
  curl().easy_setopt(easy, CURLOPT_CONNECT_TO, addresses_.get());
  curl().easy_setopt(easy, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
}

void CurlTransfer::set_addresses(const HttpTarget& target,
                                 const std::vector<ResolvedHost>& resolved) {
  if (request_.at) return connect_to(*request_.at);
  CURL* easy = easy_.get();
  for (const auto& host : resolved) append(addresses_, resolve_line(host));
  curl().easy_setopt(easy, CURLOPT_RESOLVE, addresses_.get());
  // libcurl says "resolving" of addresses in text too, so those go unguarded.
  const bool by_address = std::any_of(target.hosts.begin(), target.hosts.end(),
                                      [](const HttpHost& host) { return host.is_address(); });
  if (!by_address) curl().easy_setopt(easy, CURLOPT_RESOLVER_START_FUNCTION, &refuse_to_resolve);
}

std::size_t CurlTransfer::on_header(char* bytes, std::size_t, std::size_t size, void* self) {
  return static_cast<CurlTransfer*>(self)->take_header({bytes, size}) ? size : 0;
}

std::size_t CurlTransfer::on_body(char* bytes, std::size_t, std::size_t size, void* self) {
  return static_cast<CurlTransfer*>(self)->take_body({bytes, size}) ? size : 0;
}

bool CurlTransfer::take_header(std::string_view line) {
  header_bytes_ += line.size();
  if (header_bytes_ > kHeaderLimit) {
    too_large_ = "headers of more than " + std::to_string(kHeaderLimit) + " bytes";
    return false;
  }
  if (line.starts_with("HTTP/")) reply_.headers.clear();
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos) {
    reply_.headers.emplace_back(dns::lowered(trimmed(line.substr(0, colon))),
                                trimmed(line.substr(colon + 1)));
  }
  return true;
}

bool CurlTransfer::take_body(std::string_view bytes) {
  long status = 0;
  if (request_.on_part) curl().easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  if (request_.on_part && status < 300) {
    request_.on_part(bytes);
    return true;
  }
  if (reply_.body.size() + bytes.size() > request_.max_body) {
    enough_ = request_.first_bytes;
    if (enough_) return false;
    too_large_ = "a body of more than " + std::to_string(request_.max_body) + " bytes";
    return false;
  }
  reply_.body += bytes;
  return true;
}

HttpOutcome CurlTransfer::outcome(CURLcode result) {
  if (result != CURLE_OK && !enough_) return failure(result);
  long status = 0;
  curl().easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  reply_.status = static_cast<int>(status);
  return std::move(reply_);
}

bool CurlTransfer::is_ours(CURLcode result) const {
  long error = 0;
  curl().easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error);
  if (result == CURLE_COULDNT_CONNECT) return is_lack(static_cast<int>(error));
  // Not CURLE_OUT_OF_MEMORY: libcurl says that of a header without end as well.
  return result == CURLE_FAILED_INIT || result == CURLE_URL_MALFORMAT;
}

std::string CurlTransfer::fault(CURLcode result, const std::string& why) const {
  if (result == CURLE_OPERATION_TIMEDOUT) return "timed out";
  long error = 0;
  curl().easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error);
  const bool of_the_socket =
      result == CURLE_COULDNT_CONNECT || result == CURLE_SEND_ERROR || result == CURLE_RECV_ERROR;
  return of_the_socket && error != 0 ? fault_words(static_cast<int>(error)) : why;
}

HttpFailure CurlTransfer::failure(CURLcode result) const {
  // Zero until the connection stands, TLS and proxy included.
  curl_off_t ready_to_send = 0;
  curl().easy_getinfo(easy_.get(), CURLINFO_PRETRANSFER_TIME_T, &ready_to_send);
  std::string why = error_[0] != '\0' ? error_.data() : curl().easy_strerror(result);
  if (!too_large_.empty()) why = "the server sent " + too_large_;
  return {ready_to_send > 0, shown_ + ": " + why, fault(result, why), is_ours(result)};
}

}  // namespace net
