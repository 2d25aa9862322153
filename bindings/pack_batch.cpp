#include "bindings/pack_batch.h"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <thread>

#include "bindings/pack_fields.h"

namespace packbench::bindings {
namespace {

using models::Pack;
using models::PackParameters;
using models::PackState;

constexpr int kCellsInBlock = 1024;
constexpr std::size_t kCellStepsBetweenPauses = 4'000'000;

int cells_of(const PackParameters& p) { return p.cells * p.parallel; }

int packs_in_block(const PackParameters& p, int packs) {
  return std::clamp(kCellsInBlock / std::max(1, cells_of(p)), 1, std::max(1, packs));
}

int packs_in_last(const PackParameters& p, int packs) {
  const int full = packs_in_block(p, packs);
  return packs < 1 ? packs : (packs - 1) % full + 1;
}

double held(std::span<const double> values, std::size_t step) { return values.size() == 1 ? values[0] : values[step]; }

const Eigen::ArrayXd& array_of(const PackState& state, const std::string& name) {
  return field(name).of(const_cast<PackState&>(state));  // only read here
}

}  // namespace

PackBatch::PackBatch(const PackParameters& parameters, int packs, double soc, double temperature_degC,
                     std::uint64_t seed)
    : packs_(packs),
      full_(parameters, packs_in_block(parameters, packs)),
      last_(parameters, packs_in_last(parameters, packs)) {
  const auto size = static_cast<std::size_t>(full_.packs());
  const auto count = (static_cast<std::size_t>(packs) + size - 1) / size;
  for (std::size_t b = 0; b < count; ++b) {
    const Pack& pack = b + 1 == count ? last_ : full_;
    const auto in_block = static_cast<std::size_t>(pack.packs());
    blocks_.push_back({b * size, pack.initial_state(soc, temperature_degC, seed, b * size),
                       std::vector<double>(in_block, 0.0),
                       std::vector<std::uint8_t>(in_block * static_cast<std::size_t>(parameters.cells), 0)});
  }
}

bool PackBatch::has(const std::string& name) const {
  const auto all = fields();
  const bool is_field = std::any_of(all.begin(), all.end(), [&](const Field& f) { return f.name == name; });
  return !is_field || array_of(blocks_.front().state, name).size() > 0;
}

std::size_t PackBatch::per_pack(const std::string& name) const {
  if (name == "pack_voltage_V" || name == "pack_soc") return 1;
  if (name == "cell_voltage_V") return static_cast<std::size_t>(parameters().cells);
  if (name != "cell_current_A" && name != "cell_ocv_V" && name != "cell_resistance_ohm" && field(name).name == name &&
      !has(name)) {
    throw std::invalid_argument("The cell of this pack has no '" + name + "': it has no parameters for that effect.");
  }
  return static_cast<std::size_t>(cells_of(parameters()));
}

std::size_t PackBatch::width(const std::string& name) const {
  return per_pack(name) * static_cast<std::size_t>(packs_);
}

void PackBatch::read_block(const Block& block, const std::string& name, Eigen::ArrayXd& work,
                           std::span<double> out) const {
  const Pack& pack = pack_of(block);
  const Eigen::ArrayXd* values = &work;
  if (name == "cell_voltage_V" || name == "pack_voltage_V") {
    pack.cell_voltage(block.state, block.current_A, block.bleed, work);
  } else if (name == "cell_current_A") {
    pack.cell_current(block.state, block.current_A, block.bleed, work);
  } else if (name == "cell_ocv_V") {
    pack.cell_ocv(block.state, work);
  } else if (name == "cell_resistance_ohm") {
    pack.cell_resistance(block.state, block.current_A, work);
  } else if (name != "pack_soc") {
    values = &array_of(block.state, name);
  }
  for (int p = 0; p < pack.packs() && (name == "pack_voltage_V" || name == "pack_soc"); ++p) {
    out[static_cast<std::size_t>(p)] =
        name == "pack_soc" ? pack.pack_soc(block.state, p)
                           : work.segment(static_cast<Eigen::Index>(p) * pack.cells(), pack.cells()).sum();
  }
  if (name != "pack_voltage_V" && name != "pack_soc") std::copy(values->begin(), values->end(), out.begin());
}

void PackBatch::read(const std::string& name, std::span<double> out) const {
  const std::size_t width = per_pack(name);
  Eigen::ArrayXd work;
  for (const Block& block : blocks_) {
    read_block(block, name, work, out.subspan(block.first * width, block.current_A.size() * width));
  }
}

void PackBatch::set(const std::string& name, std::span<const double> values) {
  const Field& target = field(name);
  if (target.access != Access::set) throw std::invalid_argument("'" + name + "' is a result and cannot be set.");
  const std::size_t width = per_pack(name);
  for (Block& block : blocks_) {
    const auto part = values.subspan(block.first * width, block.current_A.size() * width);
    std::copy(part.begin(), part.end(), target.of(block.state).begin());
  }
}

void PackBatch::take_bleed(std::span<const std::uint8_t> bleed) {
  for (Block& block : blocks_) {
    const std::size_t first = block.first * static_cast<std::size_t>(parameters().cells);
    if (bleed.empty()) {
      std::fill(block.bleed.begin(), block.bleed.end(), std::uint8_t{0});
    } else {
      std::copy_n(bleed.begin() + static_cast<std::ptrdiff_t>(first), block.bleed.size(), block.bleed.begin());
    }
  }
}

void PackBatch::step(std::span<const double> current_A, std::span<const std::uint8_t> bleed,
                     models::Surroundings surroundings, double dt_s) {
  take_bleed(bleed);
  for (Block& block : blocks_) {
    std::copy_n(current_A.begin() + static_cast<std::ptrdiff_t>(block.first), block.current_A.size(),
                block.current_A.begin());
    pack_of(block).step(block.state, block.current_A, block.bleed, surroundings, dt_s);
  }
}

void PackBatch::record(const Block& block, std::span<const Recording> recordings, std::size_t row,
                       Eigen::ArrayXd& work) const {
  for (const Recording& recording : recordings) {
    const std::size_t width = per_pack(recording.name);
    const std::size_t start = row * width * static_cast<std::size_t>(packs_) + block.first * width;
    read_block(block, recording.name, work, recording.rows.subspan(start, block.current_A.size() * width));
  }
}

void PackBatch::run_block(Block& block, const Profile& profile, std::size_t every,
                          std::span<const Recording> recordings, const std::atomic<bool>& stopped,
                          const std::function<void()>& pause) const {
  const Pack& pack = pack_of(block);
  const std::size_t columns = profile.current_A.size() / profile.steps;  // 1, or one for each pack
  const std::size_t cells = block.current_A.size() * static_cast<std::size_t>(cells_of(parameters()));
  const std::size_t pause_every = std::max<std::size_t>(1, kCellStepsBetweenPauses / cells);
  Eigen::ArrayXd work;
  for (std::size_t count = 0; count < profile.steps * profile.repeats; ++count) {
    const std::size_t step = count % profile.steps;
    const auto row = profile.current_A.subspan(step * columns, columns);
    for (std::size_t p = 0; p < block.current_A.size(); ++p) {
      block.current_A[p] = columns == 1 ? row[0] : row[block.first + p];
    }
    pack.step(block.state, block.current_A, block.bleed,
              {held(profile.ambient_degC, step), held(profile.coolant_degC, step)}, held(profile.dt_s, step));
    if ((count + 1) % every == 0) record(block, recordings, (count + 1) / every - 1, work);
    if ((count + 1) % pause_every == 0) {
      if (stopped) return;
      if (pause) pause();
    }
  }
}

void PackBatch::run(const Profile& profile, std::span<const std::uint8_t> bleed, std::size_t every,
                    std::span<const Recording> recordings, int threads, const std::function<void()>& pause) {
  take_bleed(bleed);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> stopped = false;
  const auto workers = std::min(static_cast<std::size_t>(std::max(1, threads)), blocks_.size());
  std::vector<std::exception_ptr> errors(workers);
  const auto work = [&](std::size_t worker, const std::function<void()>& worker_pause) {
    try {
      for (std::size_t b = next++; b < blocks_.size() && !stopped; b = next++) {
        run_block(blocks_[b], profile, every, recordings, stopped, worker_pause);
      }
    } catch (...) {
      errors[worker] = std::current_exception();
      stopped = true;
    }
  };
  std::vector<std::jthread> others;
  for (std::size_t worker = 1; worker < workers; ++worker) {
    others.emplace_back([&work, worker] { work(worker, {}); });
  }
  work(0, pause);
  others.clear();
  for (const std::exception_ptr& error : errors) {
    if (error) std::rethrow_exception(error);
  }
}

std::vector<unsigned> PackBatch::outside_validity() const {
  std::vector<unsigned> out;
  for (const Block& block : blocks_) {
    for (int p = 0; p < static_cast<int>(block.current_A.size()); ++p) {
      out.push_back(pack_of(block).outside_validity(block.state, p, block.current_A[static_cast<std::size_t>(p)]));
    }
  }
  return out;
}

}  // namespace packbench::bindings
