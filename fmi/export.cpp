#include "fmi/export.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "fmi/archive.h"
#include "fmi/documentation.h"
#include "fmi/embedded.h"
#include "fmi/model_description.h"
#include "fmi/pack_file.h"

namespace packbench::fmi {
namespace {

// The token follows from all that the library does: its own bytes and the pack's.
std::string token_of(const std::string& pack_file) {
  const std::string bytes = std::string(embedded_library()) + pack_file;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::runtime_error("SHA-256 could not be computed");
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

Description describe(const Export& what, const std::string& token) {
  return {.model_name = what.name,
          .description =
              fmt::format("Battery pack of {} positions in series, {} parallel", what.pack.cells, what.pack.parallel),
          .token = token,
          .version = what.version,
          .layout = {what.pack.cells, what.pack.parallel},
          .start = what.start};
}

}  // namespace

std::string make_fmu(const Export& what) {
  models::Pack(what.pack).initial_state(what.start.soc, what.start.temperature_K - kZero_degC, what.start.seed);
  PackFile file{"", what.start, what.pack};
  file.token = token_of(pack_file_text(file));
  const std::string licences(embedded_licences());
  std::vector<ArchiveEntry> entries = {
      {"modelDescription.xml", model_description(describe(what, file.token))},
      {fmt::format("binaries/x86_64-linux/{}.so", kModelIdentifier), std::string(embedded_library()), true},
      {fmt::format("resources/{}", kPackFileName), pack_file_text(file)},
      {"documentation/index.html", documentation_page(what)},
      {"documentation/licenses/license.txt", licences}};
  for (const auto& [name, content] : what.documents) entries.push_back({"documentation/" + name, content});
  return zip_archive(entries);
}

}  // namespace packbench::fmi
