#include "hil/api/inflate.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <new>

#include "hil/api/problem.h"

namespace packbench::hil::api {
namespace {

constexpr std::size_t kPiece = 64 * 1024;

struct End {
  void operator()(z_stream* stream) const { inflateEnd(stream); }
};

[[noreturn]] void malformed() {
  throw simple_problem(400, "malformed_gzip", "Malformed body", "The body is not valid gzip.");
}

}  // namespace

std::string inflated(std::string_view packed, std::size_t most) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  if (inflateInit2(&stream, kGzipWindow) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, End> end(&stream);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  std::string out;
  while (true) {
    const std::size_t begin = out.size();
    out.resize(begin + std::min(kPiece, most + 1 - begin));
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + begin);
    stream.avail_out = static_cast<uInt>(out.size() - begin);
    const int result = inflate(&stream, Z_NO_FLUSH);
    out.resize(out.size() - stream.avail_out);
    if (out.size() > most)
      throw simple_problem(413, "body_too_large", "Body too large",
                           "The unpacked body is larger than a plain one may be.");
    if (result == Z_STREAM_END && stream.avail_in == 0) return out;
    const bool next_member = result == Z_STREAM_END && inflateReset(&stream) == Z_OK;
    if (!next_member && (result != Z_OK || (stream.avail_in == 0 && stream.avail_out > 0))) malformed();
  }
}

}  // namespace packbench::hil::api
