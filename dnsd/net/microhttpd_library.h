// libmicrohttpd, loaded when it is first needed: it brings GnuTLS, whose memory
// those without a control port need not pay.
//
// Only code of this folder calls through it. Any thread, once loaded.
#pragma once

#include <microhttpd.h>

namespace net {

/// libmicrohttpd's functions by their names without the prefix.
struct MicrohttpdLibrary {
  decltype(&MHD_start_daemon) start_daemon;
  decltype(&MHD_stop_daemon) stop_daemon;
  decltype(&MHD_run) run;
  decltype(&MHD_get_daemon_info) get_daemon_info;
  decltype(&MHD_get_timeout) get_timeout;
  decltype(&MHD_suspend_connection) suspend_connection;
  decltype(&MHD_resume_connection) resume_connection;
  decltype(&MHD_get_connection_info) get_connection_info;
  decltype(&MHD_get_connection_values) get_connection_values;
  decltype(&MHD_create_response_from_buffer) create_response_from_buffer;
  decltype(&MHD_create_response_from_buffer_with_free_callback_cls)
      create_response_from_buffer_with_free_callback;
  decltype(&MHD_add_response_header) add_response_header;
  decltype(&MHD_queue_response) queue_response;
  decltype(&MHD_destroy_response) destroy_response;
};

/// Loads it at the first call. Throws std::runtime_error, with what to install,
/// when it is not on this machine.
const MicrohttpdLibrary& microhttpd();

}  // namespace net
