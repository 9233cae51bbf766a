#include "dnsd/net/microhttpd_library.h"

#include "dnsd/net/shared_library.h"

namespace net {
namespace {

MicrohttpdLibrary load() {
  const SharedLibrary library("libmicrohttpd.so.12", "libmicrohttpd12");
  MicrohttpdLibrary found{};
  library.find("MHD_start_daemon", found.start_daemon);
  library.find("MHD_stop_daemon", found.stop_daemon);
  library.find("MHD_run", found.run);
  library.find("MHD_get_daemon_info", found.get_daemon_info);
  library.find("MHD_get_timeout", found.get_timeout);
  library.find("MHD_suspend_connection", found.suspend_connection);
  library.find("MHD_resume_connection", found.resume_connection);
  library.find("MHD_get_connection_info", found.get_connection_info);
  library.find("MHD_get_connection_values", found.get_connection_values);
  library.find("MHD_create_response_from_buffer", found.create_response_from_buffer);
  library.find("MHD_create_response_from_buffer_with_free_callback_cls",
               found.create_response_from_buffer_with_free_callback);
  library.find("MHD_add_response_header", found.add_response_header);
  library.find("MHD_queue_response", found.queue_response);
  library.find("MHD_destroy_response", found.destroy_response);
  return found;
}

}  // namespace

const MicrohttpdLibrary& microhttpd() {
  static const MicrohttpdLibrary library = load();
  return library;
}

}  // namespace net
