// The parameters of a pack survive the file with every bit.
#include "fmi/pack_file.h"

#include <gmock/gmock.h>

#include <bit>
#include <cmath>

#include "fmi/export.h"
#include "fmi/json_fields.h"
#include "models/random.h"
#include "packs.h"

namespace packbench::fmi {
namespace {

using ::testing::HasSubstr;

TEST(PackFile, OfWhatWasReadIsTheSameFile) {
  for (const auto& pack : {fmi_test::series_pack(), fmi_test::group_pack()}) {
    const std::string text = pack_file_text({"token", {0.25, 300.5, 18446744073709551615u}, pack});
    EXPECT_EQ(pack_file_text(parse_pack_file(text)), text);
  }
}

TEST(PackFile, KeepsThePack) {
  models::PackParameters pack = fmi_test::group_pack();
  pack.cell.activation_energy_J_per_mol.reset();
  const PackFile read = parse_pack_file(pack_file_text({"a token", {0.25, 300.5, 18446744073709551615u}, pack}));
  EXPECT_EQ(read.token, "a token");
  EXPECT_EQ(read.start, (StartValues{0.25, 300.5, 18446744073709551615u}));
  EXPECT_FALSE(read.pack.cell.activation_energy_J_per_mol);
  EXPECT_EQ(read.pack.cell.runaway.reactions.front().name, "anode");
  const models::Pack one(pack), other(read.pack);
  auto state = one.initial_state(0.5, 25, 3), copy = other.initial_state(0.5, 25, 3);
  const double current_A = -70;
  one.step(state, {&current_A, 1}, {}, {}, 100);
  other.step(copy, {&current_A, 1}, {}, {}, 100);
  EXPECT_EQ(state, copy);
}

TEST(PackFile, KeepsEveryBitOfEveryNumber) {
  models::Stream random(1, "bits");
  for (int i = 0; i < 100'000; ++i) {
    double number = std::bit_cast<double>(random.next());
    if (!std::isfinite(number)) continue;
    const std::string text = JsonWriter::to_json(number).dump();
    EXPECT_EQ(std::bit_cast<std::uint64_t>(Json::parse(text).get<double>()), std::bit_cast<std::uint64_t>(number))
        << text;
  }
}

TEST(Export, RefusesAPackThatMakesNoSense) {
  Export what{"wrong", "1", fmi_test::series_pack(), {}, {}};
  what.pack.cells = 0;
  EXPECT_THROW(make_fmu(what), std::invalid_argument);
  what.pack.cells = 15;
  what.start.soc = 1.5;
  EXPECT_THROW(make_fmu(what), std::invalid_argument);
}

TEST(Export, HasTheSameBytesAndAnotherTokenForAnotherPack) {
  Export what{"same", "1", fmi_test::series_pack(), {}, {}};
  const std::string first = make_fmu(what);
  EXPECT_EQ(make_fmu(what), first);
  what.pack.cell.mass_kg += 1e-12;
  EXPECT_NE(make_fmu(what), first);
}

}  // namespace
}  // namespace packbench::fmi
