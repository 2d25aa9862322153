#include "sim/trace/csv_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>

#include "sim/trace/trace_error.h"

namespace packbench::sim {
namespace {

constexpr std::size_t kBufferSize = 256 * 1024;
constexpr std::size_t kLongestField = 32;  // the longest shortest double has 24 characters
constexpr std::uint64_t kQuietNaN = 0x7ff8'0000'0000'0000;

std::string header(const SignalLayout& layout) {
  std::string text = "time [s]";
  for (const SignalSpec& spec : signal_table()) {
    const bool array = spec.shape != Shape::scalar;
    for (int i = 0; i < layout.count(spec.id); ++i) {
      text += "," + spec.full_name() + (array ? "[" + std::to_string(i + 1) + "]" : "") + " [" +
              std::string(spec.unit) + "]";
    }
  }
  return text + "\n";
}

std::uint8_t print(double value, char* text, std::size_t size) {
  if (std::isnan(value)) return 0;
  return static_cast<std::uint8_t>(std::to_chars(text, text + size, value).ptr - text);
}

}  // namespace

CsvWriter::CsvWriter(const SignalLayout& layout, const std::filesystem::path& path)
    : file_(path), fields_(static_cast<std::size_t>(layout.size())) {
  descriptor_ = ::open(file_.partial().c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (descriptor_ < 0) throw trace_error("The trace file could not be created", path, errno);
  for (Field& field : fields_) field.bits = kQuietNaN;
  buffer_.resize(kBufferSize + (fields_.size() + 1) * kLongestField);
  const std::string head = header(layout);
  write(head.data(), head.size());
}

CsvWriter::~CsvWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void CsvWriter::append(const Chunk& chunk) {
  for (std::size_t row = 0; row < chunk.rows(); ++row) {
    append_row(chunk, row);
    if (used_ < kBufferSize) continue;
    write(buffer_.data(), used_);
    used_ = 0;
  }
}

void CsvWriter::append_row(const Chunk& chunk, std::size_t row) {
  char* at = buffer_.data() + used_;
  at += print(chunk.time_s(row), at, kLongestField);
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    Field& field = fields_[i];
    if (const std::uint64_t bits = chunk.bits(row, i); bits != field.bits) {
      field.bits = bits;
      field.length = print(std::bit_cast<double>(bits), field.text.data(), field.text.size());
    }
    *at++ = ',';
    std::memcpy(at, field.text.data(), field.text.size());
    at += field.length;
  }
  *at++ = '\n';
  used_ = static_cast<std::size_t>(at - buffer_.data());
}

void CsvWriter::write(const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(descriptor_, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw trace_error("The trace file could not be written", file_.path(), errno);
    data += written;
    size -= static_cast<std::size_t>(written);
  }
}

void CsvWriter::close() {
  write(buffer_.data(), used_);
  used_ = 0;
  const int descriptor = std::exchange(descriptor_, -1);
  if (::close(descriptor) != 0) throw trace_error("The trace file could not be closed", file_.path(), errno);
}

}  // namespace packbench::sim
