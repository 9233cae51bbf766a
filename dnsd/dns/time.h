// The clock's types. Pure code takes `now` as an argument and never asks.
#pragma once

#include <chrono>

namespace dns {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

}  // namespace dns
