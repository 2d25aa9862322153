#include "tests/benchmarks/limit_loop.h"

#include <algorithm>
#include <utility>

#include "tests/benchmarks/limit_arrays.h"

namespace packbench::models {
namespace {

bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}

}  // namespace

struct LimitLoop::Memory : LimitArrays {
  NodeTable table;
  std::vector<double> values;
  explicit Memory(const NodeTable& from) : table(from) {}
};

bool LimitLoop::runs() { return has_avx512() || (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")); }
int LimitLoop::width() { return has_avx512() ? 8 : 4; }

LimitLoop::LimitLoop(const Pack& pack, const PackState& s, const std::vector<double>& pack_current_A,
                     double ambient_degC, double dt_s)
    : step_(has_avx512() ? limit_step_avx512 : limit_step_avx2) {
  const PackParameters& p = pack.parameters();
  auto owned = std::make_unique<Memory>(NodeTable(p.cell));
  LimitArrays& a = *owned;
  const int cells = static_cast<int>(s.soc.size()), padded = (cells + 7) / 8 * 8;
  const int stride = padded + 2 * LimitArrays::kEnd + 8;
  owned->values.assign(static_cast<std::size_t>(stride) * LimitArrays::kArrays, 0.0);
  for (int i = 0; i < LimitArrays::kArrays; ++i) a.array[i] = owned->values.data() + static_cast<long>(i) * stride;
  a.cells = padded;
  a.grid = owned->table.grid();
  a.plan = StepPlan(p.cell, heat_flow(p.cell, p.ambient_W_per_K, p.coolant_W_per_K, p.neighbour_W_per_K), dt_s);
  a.ambient_degC = ambient_degC;
  const auto fill = [&](LimitArrays::Name name, const auto& value_of) {
    for (int k = 0; k < padded; ++k) a.array[name][LimitArrays::kEnd + k] = value_of(std::min(k, cells - 1));
  };
  fill(LimitArrays::soc, [&](int k) { return s.soc[k]; });
  fill(LimitArrays::core, [&](int k) { return s.core_degC[k]; });
  fill(LimitArrays::surface, [&](int k) { return s.surface_degC[k]; });
  fill(LimitArrays::per_capacity, [&](int k) { return 1.0 / s.capacity_Ah[k]; });
  fill(LimitArrays::factor, [&](int k) { return s.resistance_factor[k]; });
  fill(LimitArrays::ocv_factor, [&](int k) { return s.ocv_factor[k]; });
  fill(LimitArrays::left, [&](int k) { return k % p.cells == 0 ? 0.0 : p.neighbour_W_per_K; });
  if (padded > cells) a.array[LimitArrays::left][LimitArrays::kEnd + cells] = 0.0;
  fill(LimitArrays::current, [&](int k) { return pack_current_A[static_cast<std::size_t>(k / p.cells)]; });
  arrays_ = std::move(owned);
  reverse_currents();
  reverse_currents();
}

LimitLoop::~LimitLoop() = default;

void LimitLoop::step() { step_(*arrays_); }

void LimitLoop::reverse_currents() {
  for (int k = LimitArrays::kEnd; k < LimitArrays::kEnd + arrays_->cells; ++k) {
    double& current_A = arrays_->array[LimitArrays::current][k];
    current_A = -current_A;
    arrays_->array[LimitArrays::sheet][k] = current_A > 0 ? 8.0 * NodeGrid::kSheet : 0.0;
  }
}

double LimitLoop::soc(int cell) const { return arrays_->array[LimitArrays::soc][LimitArrays::kEnd + cell]; }
double LimitLoop::core_degC(int cell) const { return arrays_->array[LimitArrays::core][LimitArrays::kEnd + cell]; }
double LimitLoop::heat_W(int cell) const { return arrays_->array[LimitArrays::heat][LimitArrays::kEnd + cell]; }

}  // namespace packbench::models
