// As dnsd/dns/pch/standard.h, for the tests.
#ifndef SIGNPOST_PCH_TESTS_H  // GCC warns of `#pragma once` in a header that it compiles by itself
#define SIGNPOST_PCH_TESTS_H

#include <gtest/gtest.h>

#include "cache/catalog_table.h"
#include "conf/config.h"
#include "dnsd/dns/pch/standard.h"

#endif
