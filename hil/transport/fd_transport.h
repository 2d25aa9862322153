// The one data path of everything that has a file descriptor: serial port, pty, socket pair. Boost.Asio moves the
// bytes, ppoll waits with the deadline.
//
// What arrives while write_all waits for room is kept (at most kStashLimit bytes; then only writing goes on until the
// deadline).
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <vector>

#include "hil/transport/transport.h"
#include "hil/transport/unique_fd.h"

namespace packbench::hil {

class FdTransport : public Transport {
 public:
  static constexpr std::size_t kStashLimit = std::size_t{4} << 20;

  // `closed_by` is the clause for ending() when the other end goes: "the other end of /dev/pts/3 was closed".
  FdTransport(UniqueFd fd, std::string closed_by);

  IoResult write_all(std::span<const std::uint8_t> bytes, Deadline deadline) override;
  IoResult read_some(std::span<std::uint8_t> buffer, Deadline deadline) override;
  void close() override;
  std::string ending() override { return ending_; }

 protected:
  // Throws away what has come and was not read.
  void empty();
  void note_ending(std::string why);

 private:
  enum class Ready { readable, writable, never, timed_out };
  Ready wait(short events, Deadline deadline);
  // False when the line has ended.
  bool fill_stash();
  std::size_t take_from_stash(std::span<std::uint8_t> buffer);
  bool ended() const { return !ending_.empty(); }

  boost::asio::io_context context_;
  boost::asio::posix::stream_descriptor stream_;
  std::string closed_by_;
  std::string ending_;
  std::vector<std::uint8_t> stash_;
  std::size_t stash_begin_ = 0;
};

}  // namespace packbench::hil
