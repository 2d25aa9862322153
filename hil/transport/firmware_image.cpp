#include "hil/transport/firmware_image.h"

#include <filesystem>

namespace packbench::hil {

namespace fs = std::filesystem;

std::string find_firmware_image(const std::string& name, const std::string& executable) {
  std::error_code error;
  const fs::path program = fs::canonical(executable.empty() ? "/proc/self/exe" : executable, error);
  if (error) return "";
  for (const char* folder : {".", "../firmware"}) {
    const fs::path image = program.parent_path() / folder / ("packbench-" + name + ".elf");
    if (fs::is_regular_file(image, error)) return image.lexically_normal().string();
  }
  return "";
}

}  // namespace packbench::hil
