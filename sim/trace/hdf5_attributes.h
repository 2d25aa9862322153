// Text attributes of HDF5 objects, UTF-8 of fixed length, for unit, description and vocabulary words.
#pragma once

#include <hdf5.h>

#include <span>
#include <string>
#include <string_view>

namespace packbench::sim {

// Both return false on failure, with the reason on the library's error stack.
[[nodiscard]] bool write_attribute(hid_t object, const std::string& name, std::string_view text);
[[nodiscard]] bool write_attribute(hid_t object, const std::string& name, std::span<const std::string_view> texts);

}  // namespace packbench::sim
