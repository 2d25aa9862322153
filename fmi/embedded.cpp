#include "fmi/embedded.h"

extern "C" {
// Of embedded_files.S.
extern const char packbench_library_begin[], packbench_library_end[];
extern const char packbench_licences_begin[], packbench_licences_end[];
}

namespace packbench::fmi {

std::string_view embedded_library() { return {packbench_library_begin, packbench_library_end}; }
std::string_view embedded_licences() { return {packbench_licences_begin, packbench_licences_end}; }

}  // namespace packbench::fmi
