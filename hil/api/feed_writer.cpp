#include "hil/api/feed_writer.h"

#include <boost/asio/post.hpp>

namespace packbench::hil::api {

FeedWriter::FeedWriter(std::shared_ptr<void> owner, Channel& channel, std::shared_ptr<Feed> feed, FeedTimes times)
    : owner_(std::move(owner)),
      channel_(channel),
      feed_(std::move(feed)),
      times_(times),
      timer_(channel_.socket().get_executor()) {
  // Little waits in the socket either: what a client has not taken is soon not the newest any more.
  constexpr int kSendBytes = 16 * 1024;
  Error ignored;
  channel_.socket().set_option(boost::asio::socket_base::send_buffer_size(kSendBytes), ignored);
}

void FeedWriter::start() {
  // Called by any thread: only the executor's own may own this, even for a moment.
  feed_->on_news([executor = channel_.socket().get_executor(), weak = weak_from_this()] {
    boost::asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->go_on();
    });
  });
  listen();
  arm();
  go_on();
}

void FeedWriter::go_on() {
  if (writing_ || over_) return;
  std::optional<std::string> piece;
  try {
    piece = feed_->next();
  } catch (const std::exception&) {  // the store does not answer: the client comes again
  }
  if (!piece) return end();
  if (!piece->empty()) write(std::move(*piece));
}

void FeedWriter::write(std::string piece) {
  writing_ = true;
  out_ = std::move(piece);
  arm();
  channel_.write_all(boost::asio::buffer(out_), [self = shared_from_this()](Error error, std::size_t) {
    self->writing_ = false;
    if (error) return self->end();
    self->arm();
    self->go_on();
  });
}

// A client has nothing more to say; when it ends, so does the feed.
void FeedWriter::listen() {
  channel_.read_some(boost::asio::buffer(heard_),
                     [self = shared_from_this()](Error error, std::size_t) { error ? self->end() : self->listen(); });
}

void FeedWriter::arm() {
  if (over_) return;
  timer_.expires_after(writing_ ? times_.write : times_.silence);
  timer_.async_wait([weak = weak_from_this()](Error error) {
    const auto self = weak.lock();
    if (error || !self || self->over_) return;
    if (self->timer_.expiry() > boost::asio::steady_timer::clock_type::now()) return;  // armed anew meanwhile
    if (self->writing_) return self->end();
    self->go_on();  // also looks whether the feed is allowed still
    if (!self->writing_ && !self->over_) self->write(self->feed_->sign_of_life());
  });
}

void FeedWriter::end() {
  if (over_) return;
  over_ = true;
  timer_.cancel();
  Error ignored;
  channel_.socket().shutdown(Channel::Socket::shutdown_both, ignored);
  channel_.socket().close(ignored);
}

}  // namespace packbench::hil::api
