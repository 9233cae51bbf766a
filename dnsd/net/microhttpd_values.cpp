#include "dnsd/net/microhttpd_values.h"

#include <charconv>
#include <string>
#include <string_view>

#include "dnsd/dns/lowered.h"

namespace net {
namespace {

MHD_Result add_field(void* fields, MHD_ValueKind, const char* name, const char* value) {
  static_cast<HttpFields*>(fields)->emplace_back(name, value == nullptr ? "" : value);
  return MHD_YES;
}

MHD_Result add_header(void* fields, MHD_ValueKind, const char* name, const char* value) {
  static_cast<HttpFields*>(fields)->emplace_back(dns::lowered(name), value == nullptr ? "" : value);
  return MHD_YES;
}

dns::SocketAddress peer_of(MHD_Connection* connection) {
  const auto* info =
      microhttpd().get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return dns::SocketAddress::from_sockaddr(info->client_addr);
}

using SharedBody = std::shared_ptr<const std::string>;

void let_go(void* body) {
  delete static_cast<SharedBody*>(body);
}

/// A shared body is held until its last byte is sent; another is copied.
MHD_Response* response_with_body(const HttpAnswer& answer) {
  if (!answer.shared_body) {
    return microhttpd().create_response_from_buffer(
        answer.body.size(), const_cast<char*>(answer.body.data()), MHD_RESPMEM_MUST_COPY);
  }
  auto held = std::make_unique<SharedBody>(answer.shared_body);
  MHD_Response* response = microhttpd().create_response_from_buffer_with_free_callback(
      (*held)->size(), const_cast<char*>((*held)->data()), &let_go, held.get());
  if (response != nullptr) static_cast<void>(held.release());
  return response;
}

}  // namespace

HttpQuestion read_question(MHD_Connection* connection, const char* method, const char* path) {
  HttpQuestion question{method, path, {}, {}, {}, peer_of(connection)};
  microhttpd().get_connection_values(connection, MHD_GET_ARGUMENT_KIND, &add_field,
                                     &question.query);
  microhttpd().get_connection_values(connection, MHD_HEADER_KIND, &add_header, &question.headers);
  return question;
}

std::size_t announced_size(const HttpQuestion& question) {
  const std::string* text = find_field(question.headers, "content-length");
  std::size_t size = 0;
  if (text != nullptr) std::from_chars(text->data(), text->data() + text->size(), size);
  return size;
}

MHD_Result queue_answer(MHD_Connection* connection, const HttpAnswer& answer) {
  MHD_Response* response = response_with_body(answer);
  if (response == nullptr) return MHD_NO;
  microhttpd().add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, answer.type.c_str());
  for (const auto& [name, value] : answer.headers) {
    microhttpd().add_response_header(response, name.c_str(), value.c_str());
  }
  const auto done =
      microhttpd().queue_response(connection, static_cast<unsigned>(answer.status), response);
  microhttpd().destroy_response(response);
  return done;
}

}  // namespace net
