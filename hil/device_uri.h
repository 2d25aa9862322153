// Whether a device URI makes sense, before anything is opened.
#pragma once

#include <string>

namespace packbench::hil {

// Empty, or a sentence that says what is wrong with the URI itself.
std::string check_device_uri(const std::string& uri);

}  // namespace packbench::hil
