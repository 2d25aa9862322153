#include "hil/api/http/gzip.h"

#include <zlib.h>

#include <new>
#include <string>

#include "hil/api/http/content.h"

namespace packbench::hil::api {
namespace {

// One gzip member in the making. Level 1: a thousand records in a few ms, at a sixth of their size.
class Deflater {
 public:
  Deflater() {
    constexpr int kGzipWindow = 15 + 16;
    if (deflateInit2(&stream_, 1, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  enum class End { later, now };
  // Appends what is ready of the text, and of what came before.
  void append(std::string& text, std::string& out, End end) {
    const int flush = end == End::now ? Z_FINISH : Z_NO_FLUSH;
    stream_.next_in = reinterpret_cast<Bytef*>(text.data());
    stream_.avail_in = static_cast<uInt>(text.size());
    do {
      const std::size_t before = out.size();
      out.resize(before + kRoom);
      stream_.next_out = reinterpret_cast<Bytef*>(out.data() + before);
      stream_.avail_out = kRoom;
      deflate(&stream_, flush);
      out.resize(out.size() - stream_.avail_out);
    } while (stream_.avail_out == 0);  // else everything that was ready is out
  }

 private:
  static constexpr uInt kRoom = 64 * 1024;
  z_stream stream_{};
};

class CompressedFeed : public Feed {
 public:
  explicit CompressedFeed(std::shared_ptr<Feed> feed) : feed_(std::move(feed)) {}

  bool ends() const override { return true; }
  Step next(std::string& out) override {
    text_.clear();
    const Step step = feed_->next(text_);
    if (step == Step::more) deflater_.append(text_, out, Deflater::End::later);
    if (step == Step::whole) deflater_.append(text_, out, Deflater::End::now);
    return step;
  }

 private:
  std::shared_ptr<Feed> feed_;
  Deflater deflater_;
  std::string text_;
};

}  // namespace

void compress(Response& response) {
  std::string out;
  Deflater().append(response.body, out, Deflater::End::now);
  response.body = std::move(out);
  response.fields.emplace_back("Content-Encoding", "gzip");
  for (auto& [name, value] : response.fields) {
    if (name == "ETag") value = gzip_tag(value);
  }
}

std::shared_ptr<Feed> compressed(std::shared_ptr<Feed> feed) {
  return std::make_shared<CompressedFeed>(std::move(feed));
}

}  // namespace packbench::hil::api
