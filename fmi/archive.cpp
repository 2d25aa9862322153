#include "fmi/archive.h"

#include <zip.h>

#include <memory>
#include <stdexcept>

namespace packbench::fmi {
namespace {

constexpr zip_uint16_t kDate = (0 << 9) | (1 << 5) | 1;  // 1980-01-01, where the time of ZIP begins
constexpr zip_uint32_t kRegularFile = 0100000;

[[noreturn]] void fail(const std::string& what, const char* reason) {
  throw std::runtime_error(what + ": " + reason + ".");
}

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct Free {
  void operator()(zip_source_t* source) const { zip_source_free(source); }
};
using Archive = std::unique_ptr<zip_t, Discard>;
using Source = std::unique_ptr<zip_source_t, Free>;

Source memory() {
  zip_error_t error;
  zip_error_init(&error);
  Source source(zip_source_buffer_create(nullptr, 0, 0, &error));
  if (!source) fail("No memory for the archive", zip_error_strerror(&error));
  return source;
}

Archive open_new(zip_source_t* memory) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_keep(memory);  // for us: the archive takes one reference over
  Archive archive(zip_open_from_source(memory, ZIP_TRUNCATE, &error));
  if (archive) return archive;
  zip_source_free(memory);
  fail("The archive could not be begun", zip_error_strerror(&error));
}

void add(zip_t* archive, const ArchiveEntry& entry) {
  const auto check = [&](bool good) {
    if (!good) fail("The entry '" + entry.name + "' could not be added to the archive", zip_strerror(archive));
  };
  zip_source_t* source = zip_source_buffer(archive, entry.content.data(), entry.content.size(), 0);
  check(source != nullptr);
  const zip_int64_t index = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) zip_source_free(source);
  check(index >= 0);
  const auto place = static_cast<zip_uint64_t>(index);
  const zip_uint32_t mode = kRegularFile | (entry.executable ? 0755u : 0644u);
  check(zip_file_set_dostime(archive, place, 0, kDate, 0) == 0);
  check(zip_file_set_external_attributes(archive, place, 0, ZIP_OPSYS_UNIX, mode << 16) == 0);
  check(zip_set_file_compression(archive, place, ZIP_CM_DEFLATE, 9) == 0);
}

std::string content(zip_source_t* source) {
  zip_stat_t about;
  if (zip_source_stat(source, &about) != 0 || zip_source_open(source) != 0)
    fail("The finished archive could not be read", zip_error_strerror(zip_source_error(source)));
  std::string bytes(about.size, '\0');
  const zip_int64_t read = zip_source_read(source, bytes.data(), bytes.size());
  zip_source_close(source);
  if (read != static_cast<zip_int64_t>(bytes.size())) fail("The finished archive could not be read", "it is too short");
  return bytes;
}

}  // namespace

std::string zip_archive(const std::vector<ArchiveEntry>& entries) {
  const Source target = memory();
  Archive archive = open_new(target.get());
  for (const ArchiveEntry& entry : entries) add(archive.get(), entry);
  if (zip_close(archive.get()) != 0) fail("The archive could not be finished", zip_strerror(archive.get()));
  archive.release();  // closed and gone
  return content(target.get());
}

}  // namespace packbench::fmi
