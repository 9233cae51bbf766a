#include "upstream/aws_profile.h"

#include <utility>

#include "dnsd/net/whole_file.h"
#include "upstream/printable.h"

namespace upstream {
namespace {

constexpr std::size_t kMostFile = 1U << 20U;
constexpr std::string_view kProfile = "profile";

/// `~` is HOME. Empty: it is not known.
std::string expanded(const std::string& path, const AwsEnvironment& environment) {
  if (!path.starts_with("~/")) return path;
  const std::string& home = environment.get("HOME");
  return home.empty() ? "" : home + path.substr(1);
}

std::string path_of(const AwsEnvironment& environment, const char* variable, const char* standard) {
  const std::string& said = environment.get(variable);
  return expanded(said.empty() ? standard : said, environment);
}

dns::Result<IniSections> read_file(const std::string& path) {
  if (path.empty() || !net::is_there(path)) return IniSections{};
  const auto text = net::read_whole_file(path, kMostFile);
  if (!text.ok()) return text.error();
  auto sections = read_aws_ini(text.value());
  if (!sections.ok()) return dns::Error{path + ":" + sections.error().message};
  return sections;
}

/// `profile "a b"` of the config file to `a b`; `default` needs no `profile`.
std::string profile_named(const std::string& section) {
  if (section == "default") return section;
  if (!section.starts_with(kProfile)) return {};
  const std::size_t first = section.find_first_not_of(" \t", kProfile.size());
  if (first == kProfile.size() || first == std::string::npos) return {};
  std::string name = section.substr(first);
  const bool quoted = name.size() > 1 && name.front() == name.back() &&
                      (name.front() == '"' || name.front() == '\'');
  return quoted ? name.substr(1, name.size() - 2) : name;
}

bool is_part_of_keys(const std::string& key) {
  return key == "aws_access_key_id" || key == "aws_secret_access_key" ||
         key == "aws_session_token" || key == "aws_security_token";
}

/// What is there already stays; of keys that are there none is mixed with another set's.
void add(AwsProfile& profile, const IniSection& values) {
  const bool has_keys = !profile.get("aws_access_key_id").empty();
  profile.found = true;
  for (const auto& [key, value] : values) {
    if (!has_keys || !is_part_of_keys(key)) profile.values.emplace(key, value);
  }
}

KeyFailure missing(const AwsProfile& profile, const char* key) {
  return {"profile " + in_quotes(profile.name) + " of " + profile.files + ": " + key +
          " is missing: expected aws_access_key_id and aws_secret_access_key"};
}

/// A key that says how to get keys, of a way that we do not have.
const char* other_way(const AwsProfile& profile) {
  for (const char* key : {"credential_process", "sso_session", "sso_start_url", "login_session"}) {
    if (!profile.get(key).empty()) return key;
  }
  return nullptr;
}

KeyFailure cannot(const AwsProfile& profile, const std::string& key) {
  return {"profile " + in_quotes(profile.name) + " of " + profile.files + ": " + key +
          " is not supported: give it aws_access_key_id and aws_secret_access_key, or role_arn and "
          "web_identity_token_file"};
}

}  // namespace

std::string AwsProfile::get(const std::string& key) const {
  const auto found_key = values.find(key);
  return found_key == values.end() ? "" : found_key->second;
}

dns::Result<AwsProfile> read_aws_profile(const AwsEnvironment& environment) {
  const std::string keys =
      path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials");
  const std::string config = path_of(environment, "AWS_CONFIG_FILE", "~/.aws/config");
  const auto of_keys = read_file(keys);
  if (!of_keys.ok()) return of_keys.error();
  const auto of_config = read_file(config);
  if (!of_config.ok()) return of_config.error();

  AwsProfile profile;
  profile.asked_for = !environment.get("AWS_PROFILE").empty();
  profile.name = profile.asked_for ? environment.get("AWS_PROFILE") : "default";
  profile.files =
      keys.empty() && config.empty() ? "~/.aws (HOME is not set)" : keys + " and " + config;
  const auto found = of_keys.value().find(profile.name);
  if (found != of_keys.value().end()) add(profile, found->second);
  for (const auto& [section, values] : of_config.value()) {
    if (profile_named(section) == profile.name) add(profile, values);
  }
  return profile;
}

bool has_web_identity(const AwsProfile& profile) {
  return !profile.get("web_identity_token_file").empty();
}

std::optional<KeyOutcome> keys_in_profile(const AwsProfile& profile) {
  if (!profile.found && profile.asked_for)
    return KeyFailure{"AWS_PROFILE: expected a profile " + in_quotes(profile.name) + " in " +
                      profile.files + ", found none"};
  if (!profile.get("role_arn").empty())
    return cannot(profile, "role_arn with another profile's keys");
  const std::string id = profile.get("aws_access_key_id");
  const std::string secret = profile.get("aws_secret_access_key");
  if (id.empty() && secret.empty()) {
    const char* way = other_way(profile);
    return way == nullptr ? std::nullopt : std::optional<KeyOutcome>(cannot(profile, way));
  }
  if (id.empty()) return missing(profile, "aws_access_key_id");
  if (secret.empty()) return missing(profile, "aws_secret_access_key");
  KeySet set{{id, secret, profile.get("aws_session_token")},
             {},
             "profile " + in_quotes(profile.name) + " of " + profile.files};
  if (set.keys.session_token.empty()) set.keys.session_token = profile.get("aws_security_token");
  return set;
}

}  // namespace upstream
