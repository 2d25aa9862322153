#include "fmi/pack_file.h"

#include <stdexcept>

#include "fmi/json_fields.h"
#include "fmi/pack_lists.h"

namespace packbench::fmi {

template <class Fields>
void list(Fields& fields, StartValues& start) {
  fields("soc", start.soc);
  fields("temperature_K", start.temperature_K);
  fields("seed", start.seed);
}

template <class Fields>
void list(Fields& fields, PackFile& file) {
  fields("token", file.token);
  fields("start", file.start);
  fields("pack", file.pack);
}

std::string pack_file_text(const PackFile& file) {
  PackFile written = file;  // one list of members serves reading and writing
  return JsonWriter::to_json(written).dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

PackFile parse_pack_file(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw std::invalid_argument(std::string("the file ") + kPackFileName + " is not JSON");
  PackFile file;
  JsonReader::from_json(json, kPackFileName, file);
  return file;
}

}  // namespace packbench::fmi
