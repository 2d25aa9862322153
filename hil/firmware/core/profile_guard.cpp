#include "hil/firmware/core/profile_guard.h"

#include "hil/packlink/packlink.h"

namespace packbench::firmware {
namespace {

constexpr std::size_t kTasksPerRound = 100, kChunk = sizeof(Profile) / kTasksPerRound + 1;

const std::uint8_t* bytes_of(const Profile& profile) { return reinterpret_cast<const std::uint8_t*>(&profile); }

}  // namespace

void ProfileGuard::take(const Profile& profile) {
  *this = ProfileGuard{};
  expected_ = packlink_crc32(0, bytes_of(profile), sizeof(Profile));
}

bool ProfileGuard::check(const Profile& profile) {
  intact_ = intact_ && packlink_crc32(0, bytes_of(profile), sizeof(Profile)) == expected_;
  return intact_;
}

bool ProfileGuard::step(const Profile& profile) {
  const std::size_t rest = sizeof(Profile) - next_, size = rest < kChunk ? rest : kChunk;
  running_ = packlink_crc32(running_, bytes_of(profile) + next_, size);
  next_ += size;
  if (next_ == sizeof(Profile)) {
    intact_ = intact_ && running_ == expected_;
    running_ = 0;
    next_ = 0;
  }
  return intact_;
}

}  // namespace packbench::firmware
