// Text of any origin made safe for the formats of the reports, and numbers for people.
#pragma once

#include <string>
#include <string_view>

namespace packbench::hil {

// For XML 1.0 element text and attribute values: markup is escaped, line feed, tab and carriage return become character
// references; bytes that are not UTF-8 and characters that XML forbids (controls, U+FFFE, U+FFFF) become U+FFFD.
std::string xml_escaped(std::string_view text);

// JSON text that may stand inside an HTML script element: no '<' is left, so none can close it.
std::string script_safe(std::string json);

// At most `digits` significant digits, shortest form: 3.65, 0.1, 1e-07. "null" when not finite.
std::string rounded(double value, int digits);

}  // namespace packbench::hil
