#include "hil/transport/machine_control.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace packbench::hil {
namespace {

template <typename Message>
bool put(int fd, const Message& message) {
  ssize_t sent;
  while ((sent = ::send(fd, &message, sizeof message, MSG_NOSIGNAL)) < 0 && errno == EINTR) {
  }
  return sent == static_cast<ssize_t>(sizeof message);
}

template <typename Message>
std::optional<Message> take(int fd, int timeout_ms) {
  pollfd poll_fd{fd, POLLIN, 0};
  int ready;
  while ((ready = ::poll(&poll_fd, 1, timeout_ms)) < 0 && errno == EINTR) {
  }
  Message message;
  if (ready <= 0 || ::recv(fd, &message, sizeof message, 0) != static_cast<ssize_t>(sizeof message))
    return std::nullopt;
  return message;
}

}  // namespace

bool send_request(int fd, const ControlRequest& request) { return put(fd, request); }
bool send_answer(int fd, const ControlAnswer& answer) { return put(fd, answer); }
std::optional<ControlRequest> receive_request(int fd) { return take<ControlRequest>(fd, -1); }
std::optional<ControlAnswer> receive_answer(int fd, int timeout_ms) { return take<ControlAnswer>(fd, timeout_ms); }

}  // namespace packbench::hil
