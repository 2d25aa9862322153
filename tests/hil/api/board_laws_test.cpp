// What a board sends by itself, judged from looks that are played here: who is late, stale, lost or doubled, and who is
// none of it. The bench listens every 100 ms; clocks agree but for the second in which the API tells its own.
#include <gmock/gmock.h>

#include "api_fixture.h"
#include "hil/api/judge/board_telemetry.h"
#include "hil/api/judge/telemetry_verdict.h"

namespace packbench::hil::api::test {
namespace {

using sim::Verdict;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::int64_t kStart_ms = kNow_ms;
constexpr std::int64_t kListen_ms = 100, kLook_ms = 250, kLine_ms = 30;
constexpr int kRun_s = 22;
constexpr std::int64_t kWithin_ms = 3000;

// One record, of which the board knows when it was measured; times in ms of the run.
struct Post {
  std::int64_t measured = 0, arrives = 0;
  std::string id{};
};

struct Play {
  std::vector<Post> posts;
  bool board_time = true;                                                      // else the API has `_ts` alone
  bool dates = true;                                                           // the API tells its clock
  bool constant = false;                                                       // values that do not change
  std::int64_t api_ahead = 0, board_ahead = 0;                                 // of the clocks
  std::function<std::int64_t(std::int64_t)> shows = [](auto t) { return t; };  // as of when `latest` answers
  std::function<bool(std::int64_t)> away = [](auto) { return false; };         // the API, to looks
  std::function<void(std::vector<Record>&)> tamper = [](auto&) {};             // with the range of the run
  std::int64_t within = kWithin_ms;
};

// One after the other.
std::vector<Post> every_second(const std::function<std::int64_t(std::int64_t)>& delay = [](auto) { return 40; }) {
  std::vector<Post> posts;
  std::int64_t last = 0;
  for (std::int64_t at = 530; at < kRun_s * 1000; at += 1000)
    posts.push_back({at, last = std::max(last, at + delay(at))});
  return posts;
}

class Played {
 public:
  explicit Played(Play play) : play_(std::move(play)) {
    board.emplace([this] { return kStart_ms + now; }, look(0, 0));
    std::int64_t listened = 0, looked = 0;
    for (now = 0; now <= kRun_s * 1000; now += 10) {
      if (now >= listened + kListen_ms) board->hear(values(listened = now), now * sim::kMillisecond);
      std::vector<Look> looks;
      if (now >= looked + kLook_ms) looks.push_back(look(looked = now, now + 5));
      board->see(std::move(looks), now * sim::kMillisecond);
    }
    now = kRun_s * 1000;
    trouble = board->judge(range(), now * sim::kMillisecond, play_.within * sim::kMillisecond);
  }

  sim::CheckResult verdict() const {
    sim::CheckSpec spec;
    spec.kind = sim::CheckKind::telemetry_consistent;
    spec.latest = play_.within * sim::kMillisecond;
    const sim::Scenario scenario;
    const TruthLog truth(scenario);
    return telemetry_verdict(spec, {.sent = board->sent(),
                                    .findings = board->findings(),
                                    .trouble = trouble,
                                    .truth = truth,
                                    .phases_start = 0,
                                    .resolution = kLook_ms * sim::kMillisecond,
                                    .about_api = "",
                                    .elsewhere = true,
                                    .stale = board->stale(),
                                    .silences = board->silences()});
  }

  std::int64_t timed() const {
    return std::ranges::count_if(board->sent(), [](const Sent& one) { return one.timed; });
  }

  std::int64_t now = 0;
  std::string trouble;
  std::optional<BoardTelemetry> board;

 private:
  // What the device reports at a time: one measurement every 100 ms.
  Record values(std::int64_t at) const {
    Record record = simple_record(kStart_ms + at, "report");
    record.current_mA = play_.constant ? 0 : at / kListen_ms * 10;
    return record;
  }

  Record record(const Post& post) const {
    Record record = values(post.measured - kLine_ms);
    record.id = post.id.empty() ? "r" + std::to_string(post.measured) : post.id;
    record.arrived_s = (kStart_ms + post.arrives + play_.api_ahead) / 1000;
    record.measured_ms = play_.board_time ? kStart_ms + post.measured + play_.board_ahead : record.arrived_s * 1000;
    return record;
  }

  std::vector<Record> records(std::int64_t until) const {
    std::vector<Record> found;
    for (const Post& post : play_.posts)
      if (post.arrives <= until) found.push_back(record(post));
    std::ranges::stable_sort(found, {}, &Record::measured_ms);
    return found;
  }

  Look look(std::int64_t asked, std::int64_t answered) const {
    Look look{.asked_ms = kStart_ms + asked, .answered_ms = kStart_ms + answered};
    look.silent = play_.away(asked), look.answered = !look.silent;
    if (look.silent) return look;
    const auto there = records(play_.shows(asked));
    if (!there.empty()) look.newest = there.back();
    if (play_.dates) look.date_ms = (look.asked_ms + play_.api_ahead) / 1000 * 1000;
    return look;
  }

  std::vector<Record> range() const {
    std::vector<Record> whole = records(now);
    play_.tamper(whole);
    return whole;
  }

  Play play_;
};

void expect_pass(const Play& play) {
  const Played played(play);
  const sim::CheckResult result = played.verdict();
  EXPECT_EQ(result.verdict, Verdict::pass) << result.detail;
  EXPECT_EQ(played.timed(), std::ssize(played.board->sent()));
  EXPECT_EQ(played.board->never_arrived(), 0);
}

sim::CheckResult expect_fail(const Play& play) {
  const sim::CheckResult result = Played(play).verdict();
  EXPECT_EQ(result.verdict, Verdict::fail) << result.detail;
  return result;
}

TEST(BoardLaws, ABoardThatSendsEachRecordAtOncePassesAndAllAreTimed) {
  const Played played({.posts = every_second()});
  const sim::CheckResult result = played.verdict();
  EXPECT_EQ(result.verdict, Verdict::pass) << result.detail;
  EXPECT_THAT(result.detail, HasSubstr("(22 of 22 records)"));
  EXPECT_THAT(result.detail, Not(HasSubstr("too old")));
}

// The delays are pseudo-random, up to what is allowed less the time from measurement to report and one look at the
// line.
TEST(BoardLaws, DeliveryMayTakeWhatIsAllowed) {
  const auto jitter = [](std::int64_t at) { return at * 7919 % (kWithin_ms - kListen_ms); };
  for (const bool board_time : {true, false})
    for (const bool constant : {true, false})
      for (const std::int64_t ahead : {0, 3'600'400, -3'600'400})
        expect_pass({.posts = every_second(jitter),
                     .board_time = board_time,
                     .constant = constant,
                     .api_ahead = ahead,
                     .board_ahead = -ahead});
}

TEST(BoardLaws, RecordsMayComeTogetherWithinWhatIsAllowed) {
  const auto batch = [](std::int64_t at) { return 2900 - at % 3000 + 40; };
  for (const bool board_time : {true, false})
    for (const bool constant : {true, false})
      for (const bool dates : {true, false})
        expect_pass({.posts = every_second(batch), .board_time = board_time, .dates = dates, .constant = constant});
}

TEST(BoardLaws, AMeasurementMayComeUpToTwoAndAHalfStepsAfterTheLast) {
  for (const auto& [second, verdict] : {std::pair(3030, Verdict::pass), std::pair(3031, Verdict::fail)}) {
    Play play{.posts = every_second(), .board_ahead = 3'600'000};
    play.posts.erase(play.posts.begin() + 1, play.posts.begin() + 3);  // of 1.53 s and 2.53 s
    play.posts[1] = {second, second + 40};
    play.posts[2] = {4030, 4070};
    EXPECT_EQ(Played(play).verdict().verdict, verdict) << second;
  }
}

TEST(BoardLaws, AHoleOfThreeStepsFailsWhateverTellsTheTime) {
  Play play{.posts = every_second()};
  play.posts.erase(play.posts.begin() + 8, play.posts.begin() + 10);
  EXPECT_THAT(expect_fail(play).detail, HasSubstr("a gap of 3 s after"));
  play.posts.erase(play.posts.begin() + 8);  // `_ts` is told in seconds: one more
  play.board_time = false;
  EXPECT_THAT(expect_fail(play).detail, HasSubstr("a gap of 4 s after"));
}

TEST(BoardLaws, RecordsThatWereHeldAndCameTogetherTooLateFailAndAllAreTimed) {
  const auto held = [](std::int64_t at) { return at > 6000 && at < 14'500 ? 14'600 - at : 40; };
  for (const bool board_time : {true, false})
    for (const bool dates : {true, false}) {
      const Played played({.posts = every_second(held), .board_time = board_time, .dates = dates});
      const sim::CheckResult result = played.verdict();
      EXPECT_EQ(result.verdict, Verdict::fail) << result.detail;
      EXPECT_EQ(played.timed(), 22);
      EXPECT_THAT(result.detail, HasSubstr("(22 of 22 records)"));
      if (!board_time) continue;
      EXPECT_GT(result.measured, 7000) << result.detail;
      EXPECT_THAT(result.detail, HasSubstr("From 9.75 s to 14.5 s the newest record of the API was too old"));
    }
}

// Records go on arriving at once, by `_ts`.
TEST(BoardLaws, ALatestOfBeforeFailsWithItsTimeAndAge) {
  const auto cache = [](std::int64_t at) { return at / 8000 * 8000; };
  const sim::CheckResult result = expect_fail({.posts = every_second(), .shows = cache});
  EXPECT_THAT(
      result.detail,
      HasSubstr(
          "the newest record of the API was too old: it was up to 7.15 s behind the reports, the worst of 3 times"));
  EXPECT_THAT(result.detail, HasSubstr("(22 of 22 records)"));
}

TEST(BoardLaws, ALatestThatGoesBackFails) {
  const auto flips = [](std::int64_t at) { return at / kLook_ms % 2 == 0 || at < 9000 ? at : at - 5000; };
  EXPECT_THAT(expect_fail({.posts = every_second(), .shows = flips}).detail, HasSubstr("too old"));
}

TEST(BoardLaws, AnApiThatIsSilentForLongerThanIsAllowedFails) {
  for (const auto& [seconds, verdict] : {std::pair(2, Verdict::pass), std::pair(6, Verdict::fail)}) {
    const auto away = [until = 8000 + seconds * 1000](std::int64_t at) { return at > 8000 && at < until; };
    const sim::CheckResult result = Played({.posts = every_second(), .away = away}).verdict();
    EXPECT_EQ(result.verdict, verdict) << result.detail;
    if (verdict == Verdict::fail) {
      EXPECT_EQ(result.unit, "ms");
      EXPECT_NEAR(result.measured.value_or(0), 6000, kLook_ms);
      EXPECT_THAT(result.detail, HasSubstr("the API did not answer: 5.755 s, limit 3 s."));
    }
  }
}

TEST(BoardLaws, AnApiThatIsSilentToTheEndFailsToo) {
  const auto away = [](std::int64_t at) { return at > 17'000; };
  EXPECT_EQ(Played({.posts = every_second(), .away = away}).verdict().verdict, Verdict::fail);
}

TEST(BoardLaws, ARecordThatWasSeenAndIsGoneFails) {
  const auto drop = [](std::vector<Record>& records) { records.erase(records.begin() + 5); };
  const Played played({.posts = every_second(), .tamper = drop});
  EXPECT_THAT(played.verdict().detail, HasSubstr("was the newest one at a look and is missing"));
  EXPECT_EQ(played.verdict().verdict, Verdict::fail);
  EXPECT_EQ(played.board->never_arrived(), 1);
}

TEST(BoardLaws, ARecordThatIsSentTwiceFails) {
  for (const bool board_time : {true, false}) {
    Play play{.posts = every_second(), .board_time = board_time};
    Post again = play.posts[9];
    again.arrives += 20, again.id = "again";
    play.posts.push_back(again);
    const sim::CheckResult result = expect_fail(play);
    EXPECT_THAT(result.detail, HasSubstr("1 inconsistency: the record "));
    EXPECT_THAT(result.detail, HasSubstr(" a second time: the same values "));
  }
}

TEST(BoardLaws, RecordsThatAreAllSentTwiceAreDoublesAndNoGaps) {
  Play play{.posts = every_second()};
  for (const Post& post : every_second())
    play.posts.push_back({post.measured, post.arrives + 5, "again" + std::to_string(post.measured)});
  const sim::CheckResult result = expect_fail(play);
  EXPECT_THAT(result.detail, HasSubstr("22 inconsistencies"));
  EXPECT_THAT(result.detail, Not(HasSubstr("gap")));
}

TEST(BoardLaws, EqualValuesOfDifferentTimesAreNoDoubles) { expect_pass({.posts = every_second(), .constant = true}); }

TEST(BoardLaws, ABoardThatFallsSilentFails) {
  Play play{.posts = every_second()};
  play.posts.erase(play.posts.begin() + 12, play.posts.end());
  EXPECT_THAT(expect_fail(play).detail, HasSubstr("at the end, where a record every 1 s is usual"));
}

TEST(BoardLaws, ARecordWhoseDelayCannotBeToldIsNoPass) {
  Play play{.posts = every_second(), .dates = false};
  const auto hidden = [](std::int64_t) { return std::int64_t{0}; };  // `latest` shows nothing, ever
  play.shows = hidden, play.dates = false;
  const sim::CheckResult result = Played(play).verdict();
  EXPECT_NE(result.verdict, Verdict::pass) << result.detail;
}

TEST(BoardLaws, TwoRecordsAreTooFewToJudgeTheirGaps) {
  Play play{.posts = every_second()};
  play.posts.resize(2);
  const sim::CheckResult result = Played(play).verdict();
  EXPECT_EQ(result.verdict, Verdict::inconclusive) << result.detail;
  EXPECT_THAT(result.detail, HasSubstr("too few"));
}

TEST(ApiClock, EveryAnswerNarrowsTheDifferenceAndAContradictionWidensIt) {
  ApiClock clock;
  EXPECT_FALSE(clock.ahead());
  clock.note(5000, 4000, 4100);  // between 900 ms and 2000 ms
  EXPECT_EQ(clock.ahead()->low_ms, 900);
  EXPECT_EQ(clock.ahead()->high_ms, 2000);
  clock.note(5000, 4600, 4700);
  EXPECT_EQ(clock.ahead()->low_ms, 900);
  EXPECT_EQ(clock.ahead()->high_ms, 1400);
  clock.note(1000, 6000, 6100);  // an answer of before
  EXPECT_EQ(clock.ahead()->low_ms, -5100);
  EXPECT_EQ(clock.ahead()->high_ms, 1400);
}

}  // namespace
}  // namespace packbench::hil::api::test
