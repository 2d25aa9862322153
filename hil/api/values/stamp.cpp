#include "hil/api/values/stamp.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <optional>

#include "hil/api/values/digits.h"

namespace packbench::hil::api {
namespace {

using namespace std::chrono;

// Reads a stamp from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  // Exactly `count` digits.
  std::optional<int> number(int count) {
    int value = 0;
    for (int i = 0; i < count; ++i, ++at_) {
      if (peek() < '0' || peek() > '9') return std::nullopt;
      value = value * 10 + (peek() - '0');
    }
    return value;
  }
  // 1..9 digits after a point, as ns.
  std::optional<int> fraction_ns() {
    int value = 0, digits = 0;
    for (; peek() >= '0' && peek() <= '9'; ++at_, ++digits) {
      if (digits == 9) return std::nullopt;
      value = value * 10 + (peek() - '0');
    }
    if (digits == 0) return std::nullopt;
    for (; digits < 9; ++digits) value *= 10;
    return value;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

const char* const kForm = "is not a time stamp; expected 2025-02-20T10:24:05.103Z or 20250220T102405.103Z";

std::variant<minutes, std::string> read_offset(Reader& in) {
  if (in.at_end()) return "has no offset; a time ends with Z or an offset such as +05:30";
  if (in.take('Z') || in.take('z')) return minutes(0);
  if (in.peek() == ' ') return "has a blank where the offset starts; expected Z or an offset such as +05:30";
  const bool west = in.peek() == '-';
  if (!in.take('+') && !in.take('-')) return kForm;
  const std::optional<int> hour = in.number(2);
  in.take(':');
  const std::optional<int> minute = in.number(2);
  if (!hour || !minute || *hour > 23 || *minute > 59)
    return "has no valid offset; expected Z or an offset such as +05:30";
  const minutes offset = hours(*hour) + minutes(*minute);
  return west ? -offset : offset;
}

bool only_digits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

// With zeros in front, as many as it takes to be so wide.
char* put_digits(char* out, int value, int width) {
  std::array<char, 12> digits{};
  if (value < 0) *out++ = '-', value = -value, --width;
  const char* const end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  for (auto zeros = width - (end - digits.data()); zeros > 0; --zeros) *out++ = '0';
  return std::copy(digits.cbegin(), end, out);
}

char* put_year(char* out, int year) {
  if (year < 0 || year > 9999) return put_digits(out, year, 4);
  const auto number = static_cast<std::uint32_t>(year);
  return put_two(put_two(out, number / 100), number % 100);
}

// What four digits of a year can say, so that every stamp can be written again.
constexpr sys_days kFirst = sys_days(year(0) / January / 1), kEnd = sys_days(year(10'000) / January / 1);

sys_days day_of(std::int64_t ms) { return floor<days>(sys_time<milliseconds>(milliseconds(ms))); }

}  // namespace

std::variant<Stamp, std::string> parse_stamp(std::string_view text) {
  if (text.size() != 8 && !text.empty() && only_digits(text)) {
    return "is a bare number; epoch seconds and milliseconds are not accepted, write 2025-02-20T10:24:05Z";
  }
  Reader in(text);
  const std::optional<int> year_number = in.number(4);
  in.take('-');
  const std::optional<int> month_number = in.number(2);
  in.take('-');
  const std::optional<int> day_number = in.number(2);
  if (!year_number || !month_number || !day_number) return kForm;
  const year_month_day date{year(*year_number), month(static_cast<unsigned>(*month_number)),
                            day(static_cast<unsigned>(*day_number))};
  if (!date.ok()) return "names a day that does not exist";
  const sys_time<milliseconds> midnight = sys_days(date);
  if (in.at_end()) return Stamp{midnight.time_since_epoch().count(), 0};

  if (!in.take('T') && !in.take('t')) return kForm;
  const std::optional<int> hour = in.number(2);
  in.take(':');
  const std::optional<int> minute = in.number(2);
  in.take(':');
  const std::optional<int> second = in.number(2);
  if (!hour || !minute || !second) return kForm;
  if (*hour > 23 || *minute > 59 || *second > 59) return "names a time of day that does not exist";
  std::optional<int> fraction = 0;
  if (in.take('.')) fraction = in.fraction_ns();
  if (!fraction) return "must have 1 to 9 digits after the point";
  const auto offset = read_offset(in);
  if (const auto* wrong = std::get_if<std::string>(&offset)) return *wrong;
  if (!in.at_end()) return kForm;
  const auto whole = midnight + hours(*hour) + minutes(*minute) + seconds(*second) - std::get<minutes>(offset);
  if (whole < kFirst || whole >= kEnd) return "is not in the years 0 to 9999 in UTC";
  return Stamp{whole.time_since_epoch().count() + *fraction / 1'000'000, *fraction % 1'000'000};
}

char* put_stamp(char* out, std::int64_t ms, StampForm form) {
  const bool marks = form == StampForm::extended;
  const sys_days start = day_of(ms);
  const year_month_day date(start);
  const auto rest_ms = static_cast<std::uint32_t>((sys_time<milliseconds>(milliseconds(ms)) - start).count());
  const auto put = [&out](std::uint32_t value, char behind, bool shown) {
    out = put_two(out, value);
    if (shown) *out++ = behind;
  };
  out = put_year(out, int(date.year()));
  if (marks) *out++ = '-';
  put(unsigned(date.month()), '-', marks);
  put(unsigned(date.day()), 'T', true);
  put(rest_ms / 3'600'000, ':', marks);
  put(rest_ms / 60'000 % 60, ':', marks);
  put(rest_ms / 1000 % 60, '.', true);
  *out++ = static_cast<char>('0' + rest_ms / 100 % 10);
  put(rest_ms % 100, 'Z', true);
  return out;
}

std::string stamp_text(std::int64_t ms, StampForm form) {
  std::array<char, 32> text{};
  return {text.data(), put_stamp(text.data(), ms, form)};
}

namespace {

void append_digits(std::string& out, int value, int width) {
  std::array<char, 16> text{};
  out.append(text.data(), put_digits(text.data(), value, width));
}

constexpr std::array<const char*, 7> kDay{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<const char*, 12> kMonth{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                             "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<int> digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  if (at + count > text.size()) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + count, value);
  return error == std::errc() && end == text.data() + at + count ? std::optional(value) : std::nullopt;
}

}  // namespace

std::string http_date(std::int64_t ms) {
  const sys_days start = day_of(ms);
  const year_month_day date(start);
  const hh_mm_ss time(sys_time<milliseconds>(milliseconds(ms)) - start);
  std::string text;
  text.reserve(29);
  text.append(kDay[weekday(start).c_encoding()]).append(", ");
  append_digits(text, int(unsigned(date.day())), 2), text += ' ';
  text.append(kMonth[unsigned(date.month()) - 1]).append(" ");
  append_digits(text, int(date.year()), 4), text += ' ';
  append_digits(text, int(time.hours().count()), 2), text += ':';
  append_digits(text, int(time.minutes().count()), 2), text += ':';
  append_digits(text, int(time.seconds().count()), 2), text += " GMT";
  return text;
}

// "Thu, 20 Feb 2025 10:24:05 GMT": every part has its place; what is written back must be the text.
std::optional<std::int64_t> parse_http_date(std::string_view text) {
  const auto days = digits(text, 5, 2), years = digits(text, 12, 4);
  const auto hour = digits(text, 17, 2), minute = digits(text, 20, 2), second = digits(text, 23, 2);
  if (!days || !years || !hour || !minute || !second) return std::nullopt;
  const auto* const name = std::ranges::find(kMonth, text.substr(8, 3));
  if (name == kMonth.end()) return std::nullopt;
  const year_month_day date{year(*years), month(static_cast<unsigned>(name - kMonth.begin()) + 1),
                            day(static_cast<unsigned>(*days))};
  if (!date.ok()) return std::nullopt;
  const sys_time<milliseconds> when = sys_days(date) + hours(*hour) + minutes(*minute) + seconds(*second);
  const std::int64_t ms = when.time_since_epoch().count();
  return http_date(ms) == text ? std::optional(ms) : std::nullopt;
}

std::optional<std::int64_t> parse_retry_after(std::string_view text, std::optional<std::int64_t> now_ms) {
  constexpr std::size_t kMostDigits = 9;
  if (!text.empty() && text.size() <= kMostDigits) {
    const auto whole = digits(text, 0, text.size());
    return whole && *whole >= 0 ? std::optional(std::int64_t{*whole} * 1000) : std::nullopt;
  }
  const auto date_ms = parse_http_date(text);
  if (!date_ms || !now_ms) return std::nullopt;
  return std::max<std::int64_t>(0, *date_ms - *now_ms);
}

}  // namespace packbench::hil::api
