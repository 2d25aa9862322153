// The key of a Device API, from the environment: an argument would show it to every user of the machine.
#pragma once

#include <string>

namespace packbench::hil {

inline constexpr const char* kApiKeyVariable = "PACKBENCH_API_KEY";

// Empty: there is none. Throws std::invalid_argument when it cannot be sent in a header: 1 to 256 visible ASCII.
std::string api_key_of_environment();
// The same where there must be one: throws std::invalid_argument when there is none.
std::string needed_api_key();

}  // namespace packbench::hil
