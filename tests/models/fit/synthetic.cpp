#include "tests/models/fit/synthetic.h"

#include <cmath>

#include "models/deterministic_math.h"
#include "models/random.h"

namespace packbench::models::fit {
namespace {

// Integrates in steps of one sample, resistances read at mid-step, relaxation exact: the equations of models/cell.h,
// written down a second time.
class Cycler {
 public:
  Cycler(const Truth& truth, const Test& test) : truth_(truth), test_(test), noise_(test.seed, "fit.noise") {
    record_.name = "synthetic";
    record_.temperature_degC = test.temperature_degC;
    record_.start_soc = 1;
    const double kelvin = test.temperature_degC + 273.15;
    rate_ = exp(-truth.rate_activation_J_per_mol / 8.314462618 * (1 / kelvin - 1 / 298.15));
    warmth_ = std::pow(truth.warm_factor, (test.temperature_degC - 25) / 15);
  }

  void hold(double current_A, double seconds, double step_s) {
    const int steps = static_cast<int>(std::lround(seconds / step_s));
    for (int i = 0; i < steps; ++i) sample(current_A, step_s);
  }
  double soc() const { return soc_; }
  const Record& record() const { return record_; }

 private:
  double line(double empty, double full, double soc) const { return empty + (full - empty) * soc; }
  void relax(double& overpotential, double ohm, double tau_s, double current_A, double dt_s) const {
    const double keep = exp(-dt_s * rate_ / tau_s);
    overpotential = keep * overpotential + (1 - keep) * ohm * current_A;
  }
  void sample(double current_A, double dt_s) {
    const double moved = current_A * dt_s / 3600 / truth_.capacity_Ah, middle = soc_ + moved / 2;
    const double factor = warmth_ * (current_A > 0 ? truth_.charge_factor : 1);
    relax(v1_, factor * line(truth_.r1_empty_ohm, truth_.r1_full_ohm, middle), truth_.tau1_s, current_A, dt_s);
    relax(v2_, factor * line(truth_.r2_empty_ohm, truth_.r2_full_ohm, middle), truth_.tau2_s, current_A, dt_s);
    soc_ += moved;
    const double towards = moved > 0 ? 1 : moved < 0 ? -1 : 0;
    h_ += (towards - h_) * -expm1(-std::abs(moved) / 0.03);
    time_s_ += dt_s;
    const double r0 = factor * line(truth_.r0_empty_ohm, truth_.r0_full_ohm, soc_);
    const double ocv = line(truth_.ocv_empty_V, truth_.ocv_full_V, soc_) +
                       truth_.entropy_V_per_K * (test_.temperature_degC - 25) + h_ * truth_.gap_V / 2;
    record_.time_s.push_back(time_s_);
    record_.current_A.push_back(current_A);
    record_.voltage_V.push_back(ocv + v1_ + v2_ + r0 * current_A + noise_.normal(0, test_.noise_V));
  }

  const Truth& truth_;
  const Test& test_;
  Stream noise_;
  Record record_;
  double rate_ = 1, warmth_ = 1;
  double soc_ = 1, v1_ = 0, v2_ = 0, h_ = 0, time_s_ = 0;
};

}  // namespace

Record hppc(const Truth& truth, const Test& test) {
  Cycler cycler(truth, test);
  const double c = truth.capacity_Ah;
  while (cycler.soc() > test.lowest_soc + 0.1) {
    cycler.hold(0, test.long_rests ? 2400 : 60, test.long_rests ? 20 : 1);
    cycler.hold(-2 * c, 20, 0.5);
    cycler.hold(0, 40, 1);
    cycler.hold(c, 10, 0.5);
    cycler.hold(0, 20, 1);
    cycler.hold(-c / 2, 680, 2);
  }
  cycler.hold(0, test.long_rests ? 2400 : 60, test.long_rests ? 20 : 1);
  return cycler.record();
}

}  // namespace packbench::models::fit
