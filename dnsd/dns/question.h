// What is asked: a name, a type and a class (RFC 1035, 4.1.2).
#pragma once

#include "dnsd/dns/codes.h"
#include "dnsd/dns/name.h"

namespace dns {

struct Question {
  Name name;
  Type type = Type::A;
  Class qclass = Class::IN;

  friend bool operator==(const Question&, const Question&) = default;
};

/// `web.example. A`, for logs and errors.
inline std::string to_text(const Question& question) {
  return question.name.to_text() + " " + to_text(question.type);
}

}  // namespace dns
