// Curves over state of charge: OCV, hysteresis, entropy.
#include <string>

#include "sim/language/cell_draft.h"

namespace packbench::sim {
namespace {

constexpr Bounds kCellVoltage{0, 5};
constexpr Bounds kSigma{0, 1e12};

// A curve and its standard errors: as long as `soc`, in bounds.
void check_curve(const NumberList& values, const NumberList& sigma, const NumberList& soc, Bounds bounds,
                 Problems& problems) {
  if (values.given()) {
    check_same_size(values, soc, problems);
    check_bounds(values, bounds, problems);
  }
  if (!sigma.given()) return;
  check_same_size(sigma, soc, problems);
  check_bounds(sigma, kSigma, problems);
}

void check_branches(const OcvDraft& ocv, Problems& problems) {
  const NumberList &charge = ocv.charge_V, &discharge = ocv.discharge_V;
  if (charge.broken || discharge.broken || charge.size() != discharge.size()) return;
  for (std::size_t i = 0; i < charge.size(); ++i)
    if (charge.values[i] < discharge.values[i])
      problems.push_back({charge.marks[i], charge.path_of(i),
                          "the charge branch is below the discharge branch by " +
                              quantity_text({discharge.values[i] - charge.values[i], Dimension::voltage}),
                          "expected the charge branch at or above the discharge branch"});
}

void check_ocv(const Value& value, OcvDraft& ocv) {
  Problems& problems = value.context().problems;
  const bool any_branch = ocv.charge_V.given() || ocv.discharge_V.given();
  if (ocv.middle_V.given() == any_branch || any_branch != ocv.branches())
    value.problem(
        ocv.middle_V.given() ? "the open-circuit voltage is given twice" : "the open-circuit voltage is missing",
        "expected either middle_V, or charge_V and discharge_V");
  if (!ocv.soc.given()) return;
  check_rising_from_0_to_1(ocv.soc, problems);
  check_curve(ocv.middle_V, ocv.middle_sigma_V, ocv.soc, kCellVoltage, problems);
  check_curve(ocv.charge_V, ocv.charge_sigma_V, ocv.soc, kCellVoltage, problems);
  check_curve(ocv.discharge_V, ocv.discharge_sigma_V, ocv.soc, kCellVoltage, problems);
  for (const NumberList* curve : {&ocv.middle_V, &ocv.charge_V, &ocv.discharge_V})
    check_never_falling(*curve, problems);
  if (ocv.branches()) check_branches(ocv, problems);
}

void check_hysteresis(const Value& value, HysteresisDraft& hysteresis) {
  Problems& problems = value.context().problems;
  hysteresis.mark = value.mark();
  if (hysteresis.soc.given() != hysteresis.gap_V.given())
    value.problem("only one of soc and gap_V is given", "expected both, or neither where ocv has both branches");
  if (!hysteresis.soc.given() || !hysteresis.gap_V.given()) return;
  check_rising_from_0_to_1(hysteresis.soc, problems);
  check_curve(hysteresis.gap_V, hysteresis.gap_sigma_V, hysteresis.soc, kCellVoltage, problems);
}

void check_entropy(const Value& value, EntropyDraft& entropy) {
  Problems& problems = value.context().problems;
  if (!entropy.soc.given()) return;
  check_rising_from_0_to_1(entropy.soc, problems);
  check_curve(entropy.slope_V_per_K, entropy.slope_sigma_V_per_K, entropy.soc, {-0.02, 0.02}, problems);
}

template <class Section>
Field<Section> numbers(std::string key, NumberList Section::*member, std::string description,
                       Need need = Need::optional) {
  return field<Section>(std::move(key), Numbers{}, member, std::move(description), need);
}

template <class Section>
Field<Section> soc(Need need) {
  return numbers<Section>("soc", &Section::soc, "states of charge, strictly rising from 0 to 1", need);
}

}  // namespace

const FieldTable<OcvDraft>& ocv_fields() {
  using S = OcvDraft;
  static const FieldTable<S> table{
      "the open-circuit voltage",
      with_provenance<S>({soc<S>(Need::required),
                          numbers("middle_V", &S::middle_V, "midway between the branches, at 25 degC, in V"),
                          numbers("charge_V", &S::charge_V, "charge branch, instead of middle_V, in V"),
                          numbers("discharge_V", &S::discharge_V, "discharge branch, in V"),
                          numbers("middle_sigma_V", &S::middle_sigma_V, "standard errors of middle_V"),
                          numbers("charge_sigma_V", &S::charge_sigma_V, "standard errors of charge_V"),
                          numbers("discharge_sigma_V", &S::discharge_sigma_V, "standard errors of discharge_V")}),
      check_ocv,
      {}};
  return table;
}

const FieldTable<HysteresisDraft>& hysteresis_fields() {
  using S = HysteresisDraft;
  static const FieldTable<S> table{
      "the hysteresis",
      with_provenance<S>(
          {soc<S>(Need::optional), numbers("gap_V", &S::gap_V, "charge branch minus discharge branch, in V"),
           numbers("gap_sigma_V", &S::gap_sigma_V, "standard errors of gap_V"),
           field<S>("swing", share(1e-4, 1), &S::swing, "SOC swing after which 1/e of the old branch is left"),
           field<S>("swing_sigma", share(), &S::swing_sigma, "standard error of swing")}),
      check_hysteresis,
      {}};
  return table;
}

const FieldTable<EntropyDraft>& entropy_fields() {
  using S = EntropyDraft;
  static const FieldTable<S> table{
      "the entropy",
      with_provenance<S>(
          {soc<S>(Need::required),
           numbers("dUdT_V_per_K", &S::slope_V_per_K, "change of the open-circuit voltage in V/K", Need::required),
           numbers("dUdT_sigma_V_per_K", &S::slope_sigma_V_per_K, "standard errors of dUdT_V_per_K")}),
      check_entropy,
      {}};
  return table;
}

}  // namespace packbench::sim
