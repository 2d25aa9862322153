#include "sim/trace/hdf5_attributes.h"

#include <algorithm>

#include "sim/trace/hdf5_error.h"

namespace packbench::sim {
namespace {

Hdf5Id text_type(std::size_t length) {
  Hdf5Id type(H5Tcopy(H5T_C_S1), H5Tclose);
  H5Tset_size(type.get(), std::max<std::size_t>(length, 1));
  H5Tset_cset(type.get(), H5T_CSET_UTF8);
  H5Tset_strpad(type.get(), H5T_STR_NULLPAD);
  return type;
}

bool write(hid_t object, const std::string& name, const Hdf5Id& type, const Hdf5Id& space, const char* data) {
  const Hdf5Id attribute(H5Acreate2(object, name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  return attribute.valid() && H5Awrite(attribute.get(), type.get(), data) >= 0;
}

}  // namespace

bool write_attribute(hid_t object, const std::string& name, std::string_view text) {
  std::string data(text);
  if (data.empty()) data.push_back('\0');
  return write(object, name, text_type(data.size()), {H5Screate(H5S_SCALAR), H5Sclose}, data.data());
}

bool write_attribute(hid_t object, const std::string& name, std::span<const std::string_view> texts) {
  std::size_t longest = 1;
  for (const std::string_view text : texts) longest = std::max(longest, text.size());
  std::string data;
  for (const std::string_view text : texts) {
    data += text;
    data.append(longest - text.size(), '\0');
  }
  const hsize_t count = texts.size();
  return write(object, name, text_type(longest), {H5Screate_simple(1, &count, nullptr), H5Sclose}, data.data());
}

}  // namespace packbench::sim
