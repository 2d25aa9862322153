// The file resources/pack.json of an exported pack: everything that the library needs to be that pack.
//
// JSON, so that people can look into it. Every member of models::PackParameters stands under its own name; numbers are
// written with as many digits as their bits need, so that reading gives the same bits. The format belongs to the
// library beside it in the same FMU and may differ between versions.
#pragma once

#include <string>
#include <string_view>

#include "fmi/start_values.h"
#include "models/pack.h"

namespace packbench::fmi {

inline constexpr char kPackFileName[] = "pack.json";

struct PackFile {
  std::string token;  // instantiationToken of the model description
  StartValues start;
  models::PackParameters pack;
};

std::string pack_file_text(const PackFile& file);

// Throws std::invalid_argument with a sentence that names the key when the text is not such a file.
PackFile parse_pack_file(std::string_view text);

}  // namespace packbench::fmi
