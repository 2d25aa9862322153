// A batch of packs with its state: steps it, or runs it over a profile on several threads.
//
// The batch is divided into blocks of neighbouring packs whose state fits into a processor's cache; a run takes each
// block through all steps. Neither blocks nor threads change a bit of any pack.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/pack.h"

namespace packbench::bindings {

// What a run holds in each of its steps. A list has one value for all steps or one for each of them; `current_A` has
// one for each step, or one for each pack in each step (pack after pack within a step).
struct Profile {
  std::span<const double> current_A;
  std::span<const double> dt_s;
  std::span<const double> ambient_degC, coolant_degC;
  std::size_t steps = 0;
  std::size_t repeats = 1;  // the whole profile, one after the other
};

// One recorded quantity, a row of width(name) values for each recorded step.
struct Recording {
  std::string name;
  std::span<double> rows;
};

class PackBatch {
 public:
  // Throws std::invalid_argument as models::Pack does.
  PackBatch(const models::PackParameters& parameters, int packs, double soc, double temperature_degC,
            std::uint64_t seed);

  const models::PackParameters& parameters() const { return full_.parameters(); }
  int packs() const { return packs_; }

  // Quantities are the fields of pack_fields.h and cell_current_A, cell_ocv_V, cell_resistance_ohm (one for each cell),
  // cell_voltage_V (for each position), pack_voltage_V and pack_soc (for each pack), at the current and the bleed flags
  // of the last step. Those of an effect that the cell has not are not there.
  bool has(const std::string& name) const;
  std::size_t width(const std::string& name) const;  // values in the batch; throws for an unknown name
  void read(const std::string& name, std::span<double> out) const;
  void set(const std::string& name, std::span<const double> values);  // fields only

  // Holds `current_A` (one for each pack) and `bleed` (one flag for each position, or empty: all off).
  void step(std::span<const double> current_A, std::span<const std::uint8_t> bleed, models::Surroundings surroundings,
            double dt_s);

  // Records after every `every`-th step. `pause` is called now and then by the calling thread; what it throws ends the
  // run, with different packs at different steps.
  void run(const Profile& profile, std::span<const std::uint8_t> bleed, std::size_t every,
           std::span<const Recording> recordings, int threads, const std::function<void()>& pause);

  // Which ends of the cell's validity each pack is beyond at the current of the last step.
  std::vector<unsigned> outside_validity() const;

 private:
  struct Block {
    std::size_t first;  // pack
    models::PackState state;
    std::vector<double> current_A;
    std::vector<std::uint8_t> bleed;
  };
  const models::Pack& pack_of(const Block& block) const { return &block == &blocks_.back() ? last_ : full_; }
  std::size_t per_pack(const std::string& name) const;
  void read_block(const Block& block, const std::string& name, Eigen::ArrayXd& work, std::span<double> out) const;
  void record(const Block& block, std::span<const Recording> recordings, std::size_t row, Eigen::ArrayXd& work) const;
  void run_block(Block& block, const Profile& profile, std::size_t every, std::span<const Recording> recordings,
                 const std::atomic<bool>& stopped, const std::function<void()>& pause) const;
  void take_bleed(std::span<const std::uint8_t> bleed);

  int packs_;
  models::Pack full_, last_;  // of a full block, and of the last one, which may have fewer packs
  std::vector<Block> blocks_;
};

}  // namespace packbench::bindings
