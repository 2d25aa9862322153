#include "hil/cli/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace packbench::hil {
namespace {

using sim::Verdict;

constexpr std::chrono::milliseconds kRedraw(100);

const char* colour_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "\033[32m";
    case Verdict::fail:
      return "\033[31m";
    case Verdict::inconclusive:
      return "\033[33m";
    case Verdict::skipped:
      return "\033[36m";
  }
  return "";
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long>(seconds);
  return fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string margin_text(const sim::CheckResult& check) {
  if (!check.margin) return "";
  return fmt::format("  margin {:+.4g} {}{}", *check.margin, check.unit, check.marginal ? " (marginal)" : "");
}

std::string pack_text(const sim::PackSummary& pack) {
  constexpr double kWh = 1.0 / 3600.0;
  const sim::EnergyBalance& energy = pack.energy;
  return fmt::format(
             "             cells {:.3f} V (cell {}) to {:.3f} V (cell {}), {:.1f} degC to {:.1f} degC (cell {}); SOC "
             "{:.1f} "
             "% to {:.1f} %\n",
             pack.lowest_V.value, pack.lowest_V.cell + 1, pack.highest_V.value, pack.highest_V.cell + 1,
             pack.coldest_degC.value, pack.hottest_degC.value, pack.hottest_degC.cell + 1, pack.first_soc * 100,
             pack.last_soc * 100) +
         fmt::format("             energy {:.4g} Wh in, {:.4g} Wh out, {:.4g} Wh heat, {:.2g} Wh unexplained\n",
                     energy.charged_J * kWh, energy.discharged_J * kWh, energy.heat_J * kWh,
                     energy.residual_J() * kWh + 0.0);
}

std::string counted(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

bool is_terminal(int descriptor) { return isatty(descriptor) != 0; }

}  // namespace

Terminal::Terminal(std::size_t runs, bool several_at_once)
    : runs_(runs), several_(several_at_once), live_(is_terminal(STDERR_FILENO)), colours_(is_terminal(STDOUT_FILENO)) {}

void Terminal::clear_line() const {
  if (live_) fmt::print(stderr, "\r\033[K");
}

std::string Terminal::paint(Verdict verdict, const std::string& text) const {
  return colours_ ? fmt::format("{}{}\033[0m", colour_of(verdict), text) : text;
}

void Terminal::progress(const Progress& progress) {
  if (!live_) return;
  const std::lock_guard lock(mutex_);
  const auto now = Clock::now();
  if (!several_ && current_ != progress.scenario) {
    current_ = progress.scenario;
    started_ = now;
  }
  if (now - drawn_ < kRedraw) return;
  drawn_ = now;
  if (several_) {
    fmt::print(stderr, "\r\033[K[{}/{}] running, now {}", done_, runs_, progress.scenario);
  } else {
    const double real_s = std::chrono::duration<double>(now - started_).count();
    fmt::print(stderr, "\r\033[K[{}/{}] {} | {} | {} of at most {} | x{:.0f} | {} so far", done_ + 1, runs_,
               progress.scenario, progress.phase, clock_text(progress.sim_s), clock_text(progress.total_s),
               real_s > 0 ? progress.sim_s / real_s : 0.0, progress.so_far == Verdict::fail ? "fail" : "no fail");
  }
  std::fflush(stderr);
}

void Terminal::finished(const RunResult& result) {
  const std::lock_guard lock(mutex_);
  ++done_;
  clear_line();
  const double speed = result.wall_s > 0 ? result.sim_s / result.wall_s : 0;
  const bool unjudged = result.simulated && result.verdict == Verdict::skipped;
  const std::string word = unjudged ? "simulated" : std::string(sim::verdict_name(result.verdict));
  fmt::print("{} {}{}  ({} simulated in {:.2f} s, x{:.0f})\n", paint(result.verdict, fmt::format("{:<12}", word)),
             result.scenario, result.simulated ? "" : " on " + result.device, clock_text(result.sim_s), result.wall_s,
             speed);
  if (result.verdict != Verdict::pass) fmt::print("             {}\n", result.reason);
  if (result.simulated && result.pack) fmt::print("{}", pack_text(*result.pack));
  if (result.pack && !result.pack->outside.empty())
    fmt::print("             {}\n", paint(Verdict::inconclusive, sim::outside_text(result.pack->outside)));
  for (const sim::CheckResult& check : result.checks) {
    if (check.verdict == Verdict::pass && !check.marginal && result.verdict == Verdict::pass) continue;
    fmt::print("    {} {}{}\n", paint(check.verdict, fmt::format("{:<12}", sim::verdict_name(check.verdict))),
               check.name, margin_text(check));
  }
  std::fflush(stdout);
}

void Terminal::summary(const SessionResult& session) const {
  clear_line();
  const auto count = [&](Verdict verdict) { return std::ranges::count(session.runs, verdict, &RunResult::verdict); };
  std::size_t checks = 0;
  for (const RunResult& run : session.runs) checks += run.checks.size();
  fmt::print("\n{}, {} in {:.1f} s: {} pass, {} fail, {} inconclusive, {} skipped\n",
             counted(session.runs.size(), "run"), counted(checks, "check"), session.wall_s, count(Verdict::pass),
             count(Verdict::fail), count(Verdict::inconclusive), count(Verdict::skipped));
  std::fflush(stdout);
}

}  // namespace packbench::hil
