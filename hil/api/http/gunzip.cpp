#include "hil/api/http/gunzip.h"

#include <zlib.h>

#include <array>

namespace packbench::hil::api {
namespace {

class Inflater {
 public:
  Inflater() {
    constexpr int kGzipAlone = 16 + MAX_WBITS;
    good_ = inflateInit2(&stream_, kGzipAlone) == Z_OK;
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }
  bool good() const { return good_; }
  z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
  bool good_ = false;
};

}  // namespace

Gunzipped gunzip(std::string_view bytes, std::uint64_t most_bytes, std::string& out) {
  Inflater inflater;
  z_stream& stream = inflater.stream();
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::array<char, 65536> part;
  int state = inflater.good() ? Z_OK : Z_MEM_ERROR;
  for (std::uint64_t made = 0; state == Z_OK;) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = static_cast<uInt>(part.size());
    state = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = part.size() - stream.avail_out;
    if (got > most_bytes - made) return Gunzipped::too_large;
    made += got;
    out.append(part.data(), got);
    if (state == Z_STREAM_END && stream.avail_in > 0) state = inflateReset(&stream);  // the next member
  }
  return state == Z_STREAM_END && stream.avail_in == 0 ? Gunzipped::whole : Gunzipped::damaged;
}

}  // namespace packbench::hil::api
