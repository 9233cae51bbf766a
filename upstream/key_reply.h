// Keys in the replies of the places that hand them out. Nothing of a body but AWS's
// own error is ever quoted: there are secrets in it.
//
// Pure; any thread.
#pragma once

#include <string>

#include "dnsd/net/http_client.h"
#include "upstream/key_place.h"

namespace upstream {

/// A container's endpoint: `{"AccessKeyId":...,"SecretAccessKey":...,"Token":...,
/// "Expiration":...}`; also a host's, where `Code` must be `Success` if it is there. `place`
/// is for sentences.
KeyOutcome read_key_json(const net::HttpReply& reply, const std::string& place);

/// STS's reply to AssumeRoleWithWebIdentity.
KeyOutcome read_sts_reply(const net::HttpReply& reply, const std::string& place);

}  // namespace upstream
