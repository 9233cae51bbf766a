#include "dnsd/net/curl_library.h"

#include "dnsd/net/shared_library.h"

namespace net {
namespace {

CurlLibrary load() {
  const SharedLibrary library("libcurl.so.4", "libcurl4");
  CurlLibrary found{};
  library.find("curl_global_init", found.global_init);
  library.find("curl_multi_init", found.multi_init);
  library.find("curl_multi_cleanup", found.multi_cleanup);
  library.find("curl_multi_setopt", found.multi_setopt);
  library.find("curl_multi_add_handle", found.multi_add_handle);
  library.find("curl_multi_remove_handle", found.multi_remove_handle);
  library.find("curl_multi_info_read", found.multi_info_read);
  library.find("curl_multi_socket_action", found.multi_socket_action);
  library.find("curl_easy_init", found.easy_init);
  library.find("curl_easy_cleanup", found.easy_cleanup);
  library.find("curl_easy_setopt", found.easy_setopt);
  library.find("curl_easy_getinfo", found.easy_getinfo);
  library.find("curl_easy_strerror", found.easy_strerror);
  library.find("curl_url", found.url);
  library.find("curl_url_set", found.url_set);
  library.find("curl_url_get", found.url_get);
  library.find("curl_url_cleanup", found.url_cleanup);
  library.find("curl_url_strerror", found.url_strerror);
  library.find("curl_free", found.free);
  library.find("curl_slist_append", found.slist_append);
  library.find("curl_slist_free_all", found.slist_free_all);
  return found;
}

}  // namespace

const CurlLibrary& curl() {
  static const CurlLibrary library = load();
  return library;
}

}  // namespace net
