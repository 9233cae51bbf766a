// One request as libcurl carries it, and what it gathers of the reply.
//
// Loop thread only.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dnsd/dns/address.h"
#include "dnsd/net/curl_library.h"
#include "dnsd/net/http_client.h"
#include "dnsd/net/http_target.h"

namespace net {

/// A host of the target with its addresses: libcurl asks nobody else.
struct ResolvedHost {
  HttpHost host;
  std::vector<dns::IpAddress> addresses;
};

class CurlTransfer {
 public:
  /// `request.timeout` is the time that is left.
  CurlTransfer(const HttpRequest& request, const HttpTarget& target,
               const std::vector<ResolvedHost>& resolved);
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  CURL* handle() const { return easy_.get(); }
  /// What came of it. REQUIRES: it is over, with this result; called once.
  HttpOutcome outcome(CURLcode result);

 private:
  struct Free {
    void operator()(CURL* easy) const { curl().easy_cleanup(easy); }
    void operator()(curl_slist* list) const { curl().slist_free_all(list); }
  };
  using Lines = std::unique_ptr<curl_slist, Free>;

  static std::size_t on_header(char* bytes, std::size_t, std::size_t size, void* self);
  static std::size_t on_body(char* bytes, std::size_t, std::size_t size, void* self);

  static void append(Lines& lines, const std::string& line);
  void set_what(const HttpRequest& request, const HttpTarget& target);
  void set_method(const HttpRequest& request);
  void set_time(const HttpRequest& request);
  void set_how(const HttpTarget& target, const HttpRequest& request);
  void connect_to(const dns::IpAddress& address);
  void set_addresses(const HttpTarget& target, const std::vector<ResolvedHost>& resolved);
  bool take_header(std::string_view line);
  bool take_body(std::string_view bytes);
  HttpFailure failure(CURLcode result) const;
  bool is_ours(CURLcode result) const;
  std::string fault(CURLcode result, const std::string& why) const;

  std::string shown_;
  HttpRequest request_;
  std::size_t header_bytes_ = 0;
  HttpReply reply_;
  bool enough_ = false;    // of the body was read: the transfer was broken off for that
  std::string too_large_;  // what was, when the reply is refused for its size
  std::array<char, CURL_ERROR_SIZE> error_{};
  Lines headers_;
  Lines addresses_;
  std::unique_ptr<CURL, Free> easy_;  // last: it points at the others
};

}  // namespace net
