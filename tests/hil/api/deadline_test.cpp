// A deadline that is met in its last moment: what it waited for and the timer itself are ready in one turn of the
// executor, which is turned by hand here. What was ready first counts.
#include <gmock/gmock.h>

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <thread>

#include "api_fixture.h"
#include "hil/api/server/feed_writer.h"
#include "hil/api/server/session.h"

namespace packbench::hil::api::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using std::chrono::milliseconds;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr milliseconds kDeadline{40}, kBefore{20};  // and when what it waits for is ready

struct Played {
  milliseconds after{0};
  std::string bytes{};  // of a read
};

// A connection whose reads and writes come about when the test says so; those that are not planned never do.
class PlayedChannel : public Channel {
 public:
  PlayedChannel(asio::io_context& context, std::deque<Played> reads, std::deque<Played> writes)
      : timer_(context), reads_(std::move(reads)), writes_(std::move(writes)), socket_(context) {
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    other_side_.connect(acceptor.local_endpoint());
    acceptor.accept(socket_);
  }

  Socket& socket() override { return socket_; }
  bool encrypted() const override { return false; }
  void open(std::function<void(Error)> done) override { done({}); }
  void end(std::function<void(Error)>) override {}
  void read_some(asio::mutable_buffer into, Done done) override {
    complete(reads_, [into, done = std::move(done)](const Played& played) {
      done({}, asio::buffer_copy(into, asio::buffer(played.bytes)));
    });
  }
  void write_all(asio::const_buffer from, Done done) override {
    written.emplace_back(static_cast<const char*>(from.data()), from.size());
    complete(writes_, [from, done = std::move(done)](const Played&) { done({}, from.size()); });
  }

  std::vector<std::string> written;

 private:
  void complete(std::deque<Played>& plan, std::function<void(const Played&)> done) {
    if (plan.empty()) return;
    const Played next = plan.front();
    plan.pop_front();
    timer_.expires_after(next.after);
    timer_.async_wait([next, done = std::move(done)](const Error& error) {
      if (!error) done(next);
    });
  }

  asio::steady_timer timer_;
  std::deque<Played> reads_, writes_;
  asio::io_context other_context_;
  tcp::socket other_side_{other_context_};
  Socket socket_;
};

class Deadline : public testing::Test {
 protected:
  // Lets both times pass, so that both handlers are ready when the executor is turned.
  void pass_deadline_and_turn() {
    std::this_thread::sleep_until(std::chrono::steady_clock::now() + kDeadline);
    context.poll();
  }
  asio::io_context context;
};

struct TwoPieces : Feed {
  bool ends() const override { return true; }
  Step next(std::string& out) override {
    out += "piece";
    return ++made == 2 ? Step::whole : Step::more;
  }
  int made = 0;
};

TEST_F(Deadline, APieceThatIsTakenInItsLastMomentIsTaken) {
  PlayedChannel channel(context, {}, {{kBefore}, {kBefore}});
  bool whole = false;
  const auto writer = std::make_shared<FeedWriter>([&] { whole = true; }, channel, std::make_shared<TwoPieces>(),
                                                   FeedTimes{.write = kDeadline}, Framing::chunks);
  writer->start();
  pass_deadline_and_turn();
  EXPECT_TRUE(channel.socket().is_open());
  EXPECT_EQ(channel.written.size(), 2u);
  pass_deadline_and_turn();
  EXPECT_TRUE(whole && channel.socket().is_open());
}

TEST_F(Deadline, APieceThatIsNotTakenInTimeClosesTheConnection) {
  PlayedChannel channel(context, {}, {});
  const auto writer = std::make_shared<FeedWriter>([] {}, channel, std::make_shared<TwoPieces>(),
                                                   FeedTimes{.write = kDeadline}, Framing::chunks);
  writer->start();
  pass_deadline_and_turn();
  EXPECT_FALSE(channel.socket().is_open());
}

class SessionDeadline : public Deadline {
 protected:
  // Without a key: 401.
  static constexpr const char* kAsk = "GET /v1/devices HTTP/1.1\r\nHost: h\r\n\r\n";

  PlayedChannel& open(std::deque<Played> reads, std::deque<Played> writes) {
    auto channel = std::make_unique<PlayedChannel>(context, std::move(reads), std::move(writes));
    PlayedChannel& opened = *channel;
    session = std::make_shared<Session>(std::move(channel), service, SessionOptions{.timeout = kDeadline});
    session->start();
    return opened;
  }

  SqliteStore store{":memory:"};
  Service service{store, {}, system_clock()};
  std::shared_ptr<Session> session;
};

TEST_F(SessionDeadline, ARequestThatIsWholeInItsLastMomentIsAnswered) {
  PlayedChannel& channel = open({{kBefore, kAsk}}, {});
  pass_deadline_and_turn();
  EXPECT_THAT(channel.written, ElementsAre(StartsWith("HTTP/1.1 401 ")));
  EXPECT_TRUE(channel.socket().is_open());
}

TEST_F(SessionDeadline, AnAnswerThatIsTakenInItsLastMomentIsFollowedByTheNextRequest) {
  PlayedChannel& channel =
      open({{milliseconds(0), kAsk}, {milliseconds(0), "GET /v1"}, {milliseconds(0), std::string(kAsk).substr(7)}},
           {{kBefore}});
  context.poll();
  ASSERT_EQ(channel.written.size(), 1u);
  pass_deadline_and_turn();
  for (int turn = 0; turn < 2; ++turn) context.poll();
  EXPECT_TRUE(channel.socket().is_open());
  EXPECT_THAT(channel.written, ElementsAre(StartsWith("HTTP/1.1 401 "), StartsWith("HTTP/1.1 401 ")));
}

TEST_F(SessionDeadline, ARequestThatIsNotWholeInTimeIsNot) {
  const PlayedChannel& channel = open({{milliseconds(0), "GET /v1/devices HTTP/1.1\r\n"}}, {});
  context.poll();
  pass_deadline_and_turn();
  EXPECT_THAT(channel.written, Not(Contains(HasSubstr(" 401 "))));
}

}  // namespace
}  // namespace packbench::hil::api::test
