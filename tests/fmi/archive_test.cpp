// The archive holds what was put in, the same bytes each time, wherever and whenever it is made.
#include "fmi/archive.h"

#include <gtest/gtest.h>
#include <zip.h>

#include <cstdlib>
#include <ctime>

namespace packbench::fmi {
namespace {

const std::vector<ArchiveEntry> kEntries = {{"one.txt", "one"},
                                            {"folder/zeros", std::string(100'000, '\0')},
                                            {"folder/run", "#!/bin/sh\n", true},
                                            {"empty", ""}};

struct InMemory {
  explicit InMemory(const std::string& bytes) {
    zip_error_t error;
    archive = zip_open_from_source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error), ZIP_RDONLY, &error);
  }
  ~InMemory() { zip_discard(archive); }
  zip_t* archive;
};

TEST(Archive, HoldsItsEntriesInOrder) {
  const std::string bytes = zip_archive(kEntries);
  const InMemory read(bytes);
  ASSERT_EQ(zip_get_num_entries(read.archive, 0), static_cast<zip_int64_t>(kEntries.size()));
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    EXPECT_EQ(zip_get_name(read.archive, i, 0), kEntries[i].name);
    std::string content(kEntries[i].content.size() + 1, 'x');
    zip_file_t* const file = zip_fopen_index(read.archive, i, 0);
    const auto length = zip_fread(file, content.data(), content.size());
    zip_fclose(file);
    EXPECT_EQ(content.substr(0, static_cast<std::size_t>(length)), kEntries[i].content);
  }
}

TEST(Archive, MarksWhatCanBeRun) {
  const std::string bytes = zip_archive(kEntries);
  const InMemory read(bytes);
  for (std::size_t i = 0; i < kEntries.size(); ++i) {
    zip_uint8_t system = 0;
    zip_uint32_t attributes = 0;
    ASSERT_EQ(zip_file_get_external_attributes(read.archive, i, 0, &system, &attributes), 0);
    EXPECT_EQ(attributes >> 16, kEntries[i].executable ? 0100755u : 0100644u);
  }
}

TEST(Archive, HasTheSameBytesInEveryTimeZone) {
  const std::string first = zip_archive(kEntries);
  for (const char* zone : {"Asia/Tokyo", "America/Los_Angeles"}) {
    ::setenv("TZ", zone, 1);
    ::tzset();
    EXPECT_EQ(zip_archive(kEntries), first) << zone;
  }
  ::unsetenv("TZ");
  ::tzset();
}

TEST(Archive, RefusesTwoEntriesOfOneName) {
  EXPECT_THROW(zip_archive({{"same", "1"}, {"same", "2"}}), std::runtime_error);
}

}  // namespace
}  // namespace packbench::fmi
