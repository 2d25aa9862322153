#include "hil/api/server/feed_writer.h"

#include <spdlog/spdlog.h>

#include <boost/asio/post.hpp>

namespace packbench::hil::api {
namespace {

using boost::asio::socket_base;

// The size of a chunk has a fixed width, so that it is written in front of what is there already.
constexpr std::string_view kChunkHead = "00000000\r\n", kChunkTail = "\r\n", kLastChunk = "0\r\n\r\n";

void close_chunk(std::string& chunk) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::size_t size = chunk.size() - kChunkHead.size();
  if (size == 0) return chunk.clear();  // an empty one would be the last
  for (std::size_t at = 8; at-- > 0; size /= 16) chunk[at] = kHex[size % 16];
  chunk += kChunkTail;
}

}  // namespace

FeedWriter::FeedWriter(std::function<void()> whole, Channel& channel, std::shared_ptr<Feed> feed, FeedTimes times,
                       Framing framing)
    : whole_(std::move(whole)),
      channel_(channel),
      feed_(std::move(feed)),
      times_(times),
      framing_(framing),
      timer_(channel_.socket().get_executor()) {
  // Little waits in the socket: of events that a client has not taken soon none is the newest any more, and what is far
  // behind a reader's place costs memory.
  const int send_bytes = feed_->ends() ? 256 * 1024 : 16 * 1024;
  Error ignored;
  channel_.socket().set_option(socket_base::send_buffer_size(send_bytes), ignored);
  if (feed_->ends() && framing_ == Framing::until_close)
    channel_.socket().set_option(socket_base::linger(true, 0), ignored);  // closing is a reset, until all is written
}

void FeedWriter::start() {
  // Called by any thread: only the executor's own may own this, even for a moment.
  feed_->on_news([executor = channel_.socket().get_executor(), weak = weak_from_this()] {
    boost::asio::post(executor, [weak] {
      if (const auto self = weak.lock()) self->go_on();
    });
  });
  if (!feed_->ends()) listen();
  arm();
  go_on();
}

void FeedWriter::go_on() {
  if (writing_ || over_) return;
  const Feed::Step step = fill();
  if (step == Feed::Step::broken) return end();
  if (!out_.empty()) return write(step);
  if (step == Feed::Step::whole) return finish();
  if (step == Feed::Step::more) go_on_later();
}

// Others first.
void FeedWriter::go_on_later() {
  boost::asio::post(channel_.socket().get_executor(), [self = shared_from_this()] { self->go_on(); });
}

// Puts the next piece into out_, as it goes to the socket.
Feed::Step FeedWriter::fill() try {
  const bool chunks = framing_ == Framing::chunks;
  out_.assign(chunks ? kChunkHead : "");
  const Feed::Step step = feed_->next(out_);
  if (chunks) close_chunk(out_);
  if (chunks && step == Feed::Step::whole) out_ += kLastChunk;
  return step;
} catch (const std::exception& error) {  // the store does not answer: the client comes again
  spdlog::error("an answer stays incomplete: {}", error.what());
  return Feed::Step::broken;
}

void FeedWriter::write(Feed::Step step) {
  writing_ = true;
  arm();
  channel_.write_all({boost::asio::buffer(out_)}, [self = shared_from_this(), step](Error error, std::size_t) {
    self->writing_ = false;
    error ? self->end() : self->on_written(step);
  });
}

void FeedWriter::on_written(Feed::Step step) {
  if (step == Feed::Step::whole) return finish();
  arm();
  go_on();
}

void FeedWriter::finish() {
  if (over_) return;
  over_ = true;
  timer_.cancel();
  Error ignored;
  if (framing_ == Framing::until_close) channel_.socket().set_option(socket_base::linger(false, 0), ignored);
  std::exchange(whole_, nullptr)();
}

// A client that follows has nothing more to say; when it ends, so does the feed.
void FeedWriter::listen() {
  channel_.read_some(boost::asio::buffer(heard_),
                     [self = shared_from_this()](Error error, std::size_t) { error ? self->end() : self->listen(); });
}

void FeedWriter::arm() {
  if (over_) return;
  if (!writing_ && feed_->ends()) {  // the next piece comes by itself
    timer_.expires_at(boost::asio::steady_timer::time_point::max());
    return;
  }
  timer_.expires_after(writing_ ? times_.write : times_.silence);
  timer_.async_wait([weak = weak_from_this()](Error error) {
    const auto self = weak.lock();
    if (error || !self || self->over_) return;
    if (self->timer_.expiry() > boost::asio::steady_timer::clock_type::now()) return;  // armed anew or disarmed
    if (self->writing_) return self->end();
    self->go_on();  // also looks whether the feed is allowed still
    if (self->writing_ || self->over_) return;
    self->out_ = self->feed_->sign_of_life();
    self->write(Feed::Step::idle);
  });
}

void FeedWriter::end_unending() {
  if (!feed_->ends()) end();
}

void FeedWriter::end() {
  if (over_) return;
  over_ = true;
  timer_.cancel();
  Error ignored;
  if (framing_ == Framing::chunks || !feed_->ends())
    channel_.socket().shutdown(Channel::Socket::shutdown_both, ignored);
  channel_.socket().close(ignored);
}

}  // namespace packbench::hil::api
