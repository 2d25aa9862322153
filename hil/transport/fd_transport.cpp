#include "hil/transport/fd_transport.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <cerrno>

namespace packbench::hil {
namespace {

timespec until(Deadline deadline) {
  const auto left = std::max(deadline - WallClock::now(), WallClock::duration::zero());
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  return {seconds.count(), std::chrono::nanoseconds(left - seconds).count()};
}

bool try_later(const boost::system::error_code& error) {
  return error == boost::asio::error::would_block || error == boost::asio::error::try_again ||
         error == boost::asio::error::interrupted;
}

}  // namespace

FdTransport::FdTransport(UniqueFd fd, std::string closed_by) : stream_(context_), closed_by_(std::move(closed_by)) {
  stash_.reserve(64 << 10);
  stream_.assign(fd.get());
  fd.release();
  stream_.non_blocking(true);
}

void FdTransport::empty() {
  stash_.clear();
  stash_begin_ = 0;
  while (!ended() && fill_stash() && !stash_.empty()) stash_.clear();
}

void FdTransport::note_ending(std::string why) {
  if (!ended()) ending_ = std::move(why);
}

FdTransport::Ready FdTransport::wait(short events, Deadline deadline) {
  for (;;) {
    pollfd poll_fd{stream_.native_handle(), events, 0};
    const timespec timeout = until(deadline);
    const int count = ::ppoll(&poll_fd, 1, &timeout, nullptr);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return Ready::never;
    if (count == 0) return Ready::timed_out;
    if (poll_fd.revents & POLLIN) return Ready::readable;
    if (poll_fd.revents & POLLOUT) return Ready::writable;
    return Ready::never;  // hung up, and nothing left to read
  }
}

IoResult FdTransport::read_some(std::span<std::uint8_t> buffer, Deadline deadline) {
  if (const std::size_t bytes = take_from_stash(buffer); bytes > 0) return {IoStatus::ok, bytes};
  while (!ended()) {
    const Ready ready = wait(POLLIN, deadline);
    if (ready == Ready::timed_out) return {IoStatus::timed_out, 0};
    boost::system::error_code error;
    const std::size_t bytes = stream_.read_some(boost::asio::buffer(buffer.data(), buffer.size()), error);
    if (!error) return {IoStatus::ok, bytes};
    if (!try_later(error) || ready == Ready::never) note_ending(closed_by_);
  }
  return {IoStatus::closed, 0};
}

IoResult FdTransport::write_all(std::span<const std::uint8_t> bytes, Deadline deadline) {
  std::size_t done = 0;
  while (!ended() && done < bytes.size()) {
    boost::system::error_code error;
    done += stream_.write_some(boost::asio::buffer(bytes.data() + done, bytes.size() - done), error);
    if (!error) continue;
    if (!try_later(error)) {
      note_ending(closed_by_);
      break;
    }
    const bool room = stash_.size() < kStashLimit;
    const Ready ready = wait(static_cast<short>(room ? POLLIN | POLLOUT : POLLOUT), deadline);
    if (ready == Ready::timed_out) return {IoStatus::timed_out, done};
    if (ready == Ready::never || (ready == Ready::readable && !fill_stash())) note_ending(closed_by_);
  }
  return {ended() ? IoStatus::closed : IoStatus::ok, done};
}

bool FdTransport::fill_stash() {
  std::array<std::uint8_t, 4096> chunk;
  boost::system::error_code error;
  const std::size_t bytes = stream_.read_some(boost::asio::buffer(chunk), error);
  if (error) return try_later(error);
  stash_.insert(stash_.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(bytes));
  return true;
}

std::size_t FdTransport::take_from_stash(std::span<std::uint8_t> buffer) {
  const std::size_t bytes = std::min(buffer.size(), stash_.size() - stash_begin_);
  if (bytes == 0) return 0;
  std::copy_n(stash_.begin() + static_cast<std::ptrdiff_t>(stash_begin_), bytes, buffer.begin());
  stash_begin_ += bytes;
  if (stash_begin_ == stash_.size()) {
    stash_.clear();
    stash_begin_ = 0;
  }
  return bytes;
}

void FdTransport::close() {
  boost::system::error_code ignored;
  stream_.close(ignored);
  note_ending("the bench closed the line");
}

}  // namespace packbench::hil
