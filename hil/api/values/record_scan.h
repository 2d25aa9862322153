// Posted records straight from their text, for bodies as gateways send them: the fast way beside read_new_record().
//
// What this returns is what parse_json() and read_new_record() make of the same body. It gives up at anything that they
// would refuse and at some things that they take (escapes and letters beyond ASCII in words, exponents in numbers), so
// that they alone say what is wrong.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include "hil/api/values/record_json.h"

namespace packbench::hil::api {

// Of a body that is one record, or an array of 1 to `most`.
std::optional<std::vector<NewRecord>> scan_records(std::string_view body, std::string_view device_id, std::size_t most);

// A number as JSON writes it, without exponent; rounded half away from zero to so many digits.
std::optional<std::int64_t> scan_fixed(std::string_view text, int digits);

}  // namespace packbench::hil::api
