// The profile that AWS's shared files have for us: AWS_PROFILE, else `default`, of
// ~/.aws/credentials and ~/.aws/config.
//
// Control thread only: reads two files.
#pragma once

#include <optional>
#include <string>

#include "dnsd/dns/result.h"
#include "upstream/aws_environment.h"
#include "upstream/aws_ini.h"
#include "upstream/key_place.h"

namespace upstream {

struct AwsProfile {
  std::string name;
  bool asked_for = false;  // by AWS_PROFILE
  bool found = false;
  IniSection values;  // of both files; where both have a key, those of the credentials
  std::string files;  // `/root/.aws/credentials and /root/.aws/config`

  /// Empty: not there.
  std::string get(const std::string& key) const;
};

/// A file that is not there has no profiles. Error: one cannot be read, with its line.
dns::Result<AwsProfile> read_aws_profile(const AwsEnvironment& environment);

/// The keys of a profile; one alone, or a way to get keys that we do not have (a role
/// of another profile, a program, single sign-on), is a failure. Nothing: it has none.
/// A profile of web identity is not for this: ask has_web_identity() first.
std::optional<KeyOutcome> keys_in_profile(const AwsProfile& profile);

bool has_web_identity(const AwsProfile& profile);

}  // namespace upstream
