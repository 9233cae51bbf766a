#include "dnsd/net/http_question.h"

namespace net {

const std::string* find_field(const HttpFields& fields, std::string_view name) {
  for (const auto& [known, value] : fields) {
    if (known == name) return &value;
  }
  return nullptr;
}

HttpAnswerer::~HttpAnswerer() {
  if (send_) answer({500, "application/json", "{\"error_message\": \"no answer was made\"}\n", {}});
}

HttpAnswerer& HttpAnswerer::operator=(HttpAnswerer&& other) noexcept {
  std::swap(send_, other.send_);
  return *this;
}

void HttpAnswerer::answer(HttpAnswer answer) {
  const Send send = std::exchange(send_, nullptr);
  if (send) send(std::move(answer));
}

}  // namespace net
