// Which region of AWS we are in, and the domain its services are below.
// Pure; any thread.
#pragma once

#include <string>

#include "upstream/aws_environment.h"
#include "upstream/aws_profile.h"

namespace upstream {

/// The first that is said: `configured`, AWS_REGION, AWS_DEFAULT_REGION, the profile's
/// `region`. Empty: none says it. The files are read only when they are needed; one that
/// cannot be read says nothing here (the credentials complain of it).
std::string aws_region(const std::string& configured, const AwsEnvironment& environment);

/// The region that stands in the name of an AWS host, before `amazonaws.com` or
/// `vpce`: of `abc123.execute-api.us-east-1.amazonaws.com` after `execute-api`. Empty: none.
std::string region_in_host(const std::string& host, const std::string& service);

/// `amazonaws.com`, or that of another partition (`amazonaws.com.cn` of `cn-north-1`).
std::string aws_domain(const std::string& region);

}  // namespace upstream
