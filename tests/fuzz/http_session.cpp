// Any bytes to a connection of the Device API, in pieces of any size: every answer is whole and has a status of the
// contract, there are no more of them than requests, and they do not depend on where the bytes were cut. Input: a byte
// that says how to cut, then what the client sends.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "hil/api/server/session.h"
#include "tests/fuzz/api_under_fuzz.h"
#include "tests/fuzz/memory_channel.h"
#include "tests/fuzz/require.h"

namespace {

using namespace packbench::hil::api;
using packbench::fuzz::require;

constexpr std::array kStatuses{100, 200, 201, 204, 304, 400, 401, 403, 404, 405,
                               406, 408, 409, 413, 414, 415, 422, 429, 431, 503};

std::string answers_to(std::string_view sent, const std::function<std::size_t()>& piece) {
  std::string received;
  packbench::fuzz::ApiUnderFuzz api;
  boost::asio::io_context context;
  std::make_shared<Session>(std::make_unique<packbench::fuzz::MemoryChannel>(context, sent, piece, received),
                            api.service, SessionOptions{{true, true}, "peer"})
      ->start();
  context.poll();
  return received;
}

struct Answer {
  int status = 0;
  std::size_t size = 0;  // of the body
  friend bool operator==(const Answer&, const Answer&) = default;
};

std::string_view cut_line(std::string_view& text) {
  const std::size_t end = text.find("\r\n");
  require(end != std::string_view::npos);
  const std::string_view line = text.substr(0, end);
  require(std::ranges::all_of(line, [](unsigned char c) { return c >= ' ' && c != 0x7F; }));
  text.remove_prefix(end + 2);
  return line;
}

int number_at_end(std::string_view line, std::size_t begin) {
  int number = -1;
  std::from_chars(line.data() + begin, line.data() + line.size(), number);
  return number;
}

// A body in chunks, up to its last one; its size.
std::size_t cut_chunks(std::string_view& text) {
  std::size_t whole = 0;
  while (true) {
    const std::string_view line = cut_line(text);
    std::size_t size = 0;
    require(std::from_chars(line.data(), line.data() + line.size(), size, 16).ptr == line.data() + line.size());
    require(text.size() >= size + 2 && text.substr(size, 2) == "\r\n");
    text.remove_prefix(size + 2);
    if (size == 0) return whole;
    whole += size;
  }
}

// The next answer. One to HEAD has a length and no body, so the next answer follows or nothing; a feed has no length.
Answer cut_answer(std::string_view& text) {
  const std::string_view first = cut_line(text);
  require(first.starts_with("HTTP/1.1 "));
  Answer answer{number_at_end(first, 9), 0};
  require(std::ranges::find(kStatuses, answer.status) != kStatuses.end());
  int length = -1;
  bool chunked = false;
  for (std::string_view line = cut_line(text); !line.empty(); line = cut_line(text)) {
    require(line.find(": ") != std::string_view::npos);
    if (line.starts_with("Content-Length: ")) length = number_at_end(line, 16);
    if (line == "Transfer-Encoding: chunked") chunked = true;
  }
  const bool none = answer.status == 100 || answer.status == 204 || answer.status == 304;
  require(!none || length == -1);
  const bool head = text.empty() || text.starts_with("HTTP/1.1 ");
  if (chunked && !head) return {answer.status, cut_chunks(text)};
  answer.size = length >= 0 ? static_cast<std::size_t>(length) : none ? 0 : text.size();
  if (!head) require(text.size() >= answer.size);
  if (!head) text.remove_prefix(answer.size);
  return answer;
}

// Without 100, which nobody is told whose body has come.
std::vector<Answer> parse(std::string_view text) {
  std::vector<Answer> answers;
  while (!text.empty()) {
    const Answer answer = cut_answer(text);
    if (answer.status != 100) answers.push_back(answer);
  }
  return answers;
}

// Of a header that is not whole the parser sees at once what is wrong, or another thing, or waits for its end, as its
// bytes come: there the last answer, which refuses it, may differ or be missing.
bool agree(std::vector<Answer> one, std::vector<Answer> other) {
  constexpr std::array kRefusals{400, 413, 414, 431};
  if (one == other) return true;
  const std::size_t most = std::max(one.size(), other.size());
  for (auto* answers : {&one, &other}) {
    const bool refused = std::ranges::find(kRefusals, answers->empty() ? 0 : answers->back().status) != kRefusals.end();
    if (refused && answers->size() == most) answers->pop_back();
  }
  return one == other;
}

std::size_t most_requests(std::string_view sent) {
  std::size_t ends = 0;
  for (std::size_t at = 0; (at = sent.find("\r\n\r\n", at)) != std::string_view::npos; at += 4) ++ends;
  return ends + 1;  // what comes last may be refused before its end
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view sent(reinterpret_cast<const char*>(data) + 1, size - 1);
  const std::vector<Answer> whole = parse(answers_to(sent, [] { return std::string_view::npos; }));
  require(whole.size() <= most_requests(sent));
  std::size_t state = data[0];
  const auto piece = [&state] { return (state = (state * 1103515245 + 12345) & 0x7FFFFFFF) >> 16 & 31; };
  require(agree(parse(answers_to(sent, piece)), whole));
  return 0;
}
