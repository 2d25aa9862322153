// What holds for every store; run over each.
#include <algorithm>
#include <limits>
#include <stdexcept>
#include <thread>

#include "service_fixture.h"

namespace packbench::hil::api::test {
namespace {

using Texts = std::vector<std::string>;

class StoreLaws : public testing::Test {
 protected:
  static Device device(const std::string& id, std::int64_t organization = 1) {
    Device made;
    made.device_id = id, made.name = made.model = made.location = "x", made.organization = organization;
    return made;
  }
  static void add_device(Store& to, const std::string& id = "D1", std::int64_t organization = 1) {
    ASSERT_TRUE(to.add_device(device(id, organization)));
  }
  static RangeQuery window(std::int64_t from_ms, std::int64_t to_ms) {
    RangeQuery query;
    query.from_ms = from_ms, query.to_ms = to_ms;
    return query;
  }
  static InsertCount put(Store& to, const std::vector<Record>& records, std::int64_t arrival_ms = 0) {
    return to.insert(1, "D1", records, arrival_ms);
  }
  static Texts ids_of(const std::vector<Record>& records) {
    Texts found;
    for (const Record& record : records) found.push_back(record.id);
    return found;
  }
  static Texts ids(Store& of, const std::string& of_device = "D1") {
    return ids_of(of.range(1, of_device, window(-1'000'000, 1'000'000)));
  }
  static Changed apply(Store& to, const Change& change) { return to.apply(std::span(&change, 1)).front(); }
  static Record numbered(std::int64_t measured_ms, const std::string& id, std::optional<std::int64_t> boot,
                         std::optional<std::int64_t> sequence) {
    Record record = plain_record(measured_ms, id);
    record.boot = boot, record.sequence = sequence;
    return record;
  }

  const std::string place = new_place();
  const std::unique_ptr<Store> owned = open_store(place);
  Store& store = *owned;
};

TEST_F(StoreLaws, ChangesTogetherAreThereTogetherOrNotAtAll) {
  add_device(store);
  const std::vector<Change> good{{1, 5, Ingest{"D1", {plain_record(1, "a")}}, Once{"k", "digest"}},
                                 {1, 5, Ingest{"D1", {plain_record(2, "b")}}, std::nullopt}};
  std::vector<Change> bad = good;
  bad.push_back({1, 5, Ingest{"nobody", {plain_record(3, "c")}}, std::nullopt});
  EXPECT_THROW(store.apply(bad), std::invalid_argument);
  EXPECT_TRUE(ids(store).empty());
  EXPECT_EQ(store.apply(good)[0].outcome, Outcome::made);  // so the key was not remembered either
  EXPECT_EQ(store.apply(good)[0].outcome, Outcome::replayed);
  EXPECT_EQ(ids(store), (Texts{"a", "b"}));
  EXPECT_TRUE(store.apply({}).empty());
}

TEST_F(StoreLaws, RecordsThatAreReadWhileTheFirstAreStoredAreOneBatchWithThem) {
  add_device(store);
  const auto rest = std::make_shared<RecordFlow>();
  std::thread reader([&rest] {
    for (int i = 1; i < 50; ++i) rest->put({plain_record(i, "r" + std::to_string(100 + i)), plain_record(0, "first")});
    rest->end();
  });
  const Change change{1, 5, Ingest{"D1", {plain_record(0, "first")}, rest}, Once{"k", "digest"}};
  EXPECT_EQ(apply(store, change).count, (InsertCount{50, 49}));
  reader.join();
  EXPECT_EQ(apply(store, change).outcome, Outcome::replayed);
  EXPECT_EQ(ids(store).size(), 50u);
}

TEST_F(StoreLaws, ABatchThatIsRefusedWhileItIsReadLeavesNothing) {
  add_device(store);
  const auto rest = std::make_shared<RecordFlow>();
  rest->put({plain_record(2, "b")});
  rest->fail(std::make_exception_ptr(std::domain_error("the last one is bad")));
  const Change bad{1, 5, Ingest{"D1", {plain_record(1, "a")}, rest}, Once{"k", "digest"}};
  EXPECT_THROW(apply(store, bad), std::domain_error);
  EXPECT_TRUE(ids(store).empty());
  EXPECT_EQ(store.find_device(1, "D1")->last_connected_ms, std::nullopt);
  const Change good{1, 5, Ingest{"D1", {plain_record(1, "a")}}, Once{"k", "digest"}};
  EXPECT_EQ(apply(store, good).outcome, Outcome::made);
  EXPECT_THROW(apply(store, bad), std::domain_error);  // also where its key is known
  EXPECT_EQ(ids(store), Texts{"a"});
}

TEST_F(StoreLaws, OneConnectionSeesWhatAnotherCommitted) {
  const auto reader = open_store(place);
  add_device(store);
  put(store, {plain_record(1, "a")});
  EXPECT_EQ(ids(*reader), Texts{"a"});
  EXPECT_EQ(reader->size().records, 1);
}

TEST_F(StoreLaws, WhatWasStoredIsThereWhenItIsOpenedAgain) {
  add_device(store);
  put(store, {plain_record(1, "a")});
  const auto again = open_store(place);
  EXPECT_EQ(again->latest(1, "D1"), store.latest(1, "D1"));
  EXPECT_EQ(again->find_device(1, "D1"), store.find_device(1, "D1"));
}

TEST_F(StoreLaws, ARecordComesBackAsItWas) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  add_device(store);
  Record bare = plain_record(-5, "bare");
  bare.cell_dmV.clear(), bare.device_name = bare.bms_state = "";
  bare.pack_dmV = bare.temperature_mdegC = bare.current_mA = kNoReading;
  bare.soc_pctpct = bare.ocv_soc_pctpct = bare.soh_pctpct = kNoReading;
  Record full = numbered(5, "full", kMost, -kMost);
  full.pack_dmV = kMost, full.current_mA = -kMost, full.cell_dmV = {1, kNoReading, -kMost, kMost};
  full.temperatures_mdegC = {kNoReading}, full.balancing = {1, 0};
  full.faults = Texts{"CELL_OV", "RESET"}, full.main_contactor = full.charger_contactor = true;
  Record healthy = plain_record(6, "healthy");
  healthy.faults = Texts{};
  put(store, {bare, full, healthy}, 9'000);
  std::vector<Record> expected{bare, full, healthy};
  for (Record& record : expected) record.arrived_s = 9;
  EXPECT_EQ(store.range(1, "D1", window(-10, 10)), expected);
  EXPECT_EQ(store.latest(1, "D1"), expected.back());
}

// Each length of a number, at each place of a list, beside each other.
TEST_F(StoreLaws, AListComesBackAsItWas) {
  add_device(store);
  std::vector<std::int64_t> numbers{kNoReading, 0};
  for (std::int64_t power = 1; power <= 1'000'000'000'000; power *= 10) {
    for (const std::int64_t value : {power, power * 5 + 3, power * 10 - 1, -power}) numbers.push_back(value);
  }
  std::vector<Record> records;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    for (std::size_t length = 1; length < 4; ++length) {
      Record record = plain_record(std::ssize(records), std::to_string(records.size()));
      record.cell_dmV.clear();
      for (std::size_t k = 0; k < length; ++k) record.cell_dmV.push_back(numbers[(i + k * 7) % numbers.size()]);
      records.push_back(record);
    }
  }
  put(store, records);
  const auto found = store.range(1, "D1", window(0, 1000));
  ASSERT_EQ(found.size(), records.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i].cell_dmV, records[i].cell_dmV);
}

const Texts kOddTexts{std::string("a\0b", 3),
                      std::string("a\0", 2),
                      "a",
                      "a\x01",
                      "\xC3\xA9",
                      "\xFF\xFE",
                      "e",
                      "E",
                      "_",
                      "'; DROP TABLE records; --",
                      "\\x41",
                      "{}",
                      " ",
                      "\n"};

TEST_F(StoreLaws, TextsHoldAnyBytes) {
  add_device(store);
  for (const std::string& text : kOddTexts) {
    Record record = plain_record(1, text);
    record.device_name = record.bms_state = text;
    put(store, {record});
    Device device;
    device.device_id = device.name = device.model = device.location = device.status = text;
    ASSERT_TRUE(store.add_device(device));
    EXPECT_EQ(store.find_device(1, text), device);
    EXPECT_FALSE(store.latest(1, text));
    EXPECT_FALSE(store.find_device(1, text + "?"));
    const Change once{1, 5, Ingest{"D1", {}}, Once{text, text}};
    EXPECT_EQ(apply(store, once).outcome, Outcome::made);
    EXPECT_EQ(apply(store, once).outcome, Outcome::replayed);
    EXPECT_FALSE(store.find_key(text));
    StoredKey key{.id = text, .name = text};
    store.add_key(key);
    EXPECT_EQ(store.find_key(text), key);
  }
  Texts sorted = kOddTexts;
  std::ranges::sort(sorted);
  EXPECT_EQ(ids(store), sorted);
  for (const Record& record : store.range(1, "D1", window(0, 10))) EXPECT_EQ(record.bms_state, record.id);
}

// By time and then by the bytes of the ids, in pages of any size, in both directions, from whichever place.
TEST_F(StoreLaws, PagesFollowTheOrderOfTimesAndBytes) {
  add_device(store);
  std::vector<Record> records;
  for (const std::int64_t time : {3, 1, 2}) {
    for (const std::string& text : kOddTexts) records.push_back(plain_record(time, std::to_string(time) + text));
  }
  put(store, records);
  std::ranges::sort(records, {}, [](const Record& record) { return std::pair(record.measured_ms, record.id); });
  for (const Order order : {Order::ascending, Order::descending}) {
    for (const std::int64_t limit : {1, 4, 100}) {
      RangeQuery query{0, 4, order, std::nullopt, limit};
      Texts found;
      for (auto page = store.range(1, "D1", query); !page.empty(); page = store.range(1, "D1", query)) {
        EXPECT_LE(std::ssize(page), limit);
        for (const Record& record : page) found.push_back(record.id);
        query.after = Cursor{page.back().measured_ms, page.back().id};
      }
      EXPECT_EQ(found, ids_of(records));
    }
    std::ranges::reverse(records);
  }
  const RangeQuery inside{2, 3, Order::ascending, Cursor{2, "2a"}, 100};
  for (const Record& record : store.range(1, "D1", inside)) {
    EXPECT_EQ(record.measured_ms, 2);
    EXPECT_GT(record.id, "2a");
  }
  EXPECT_TRUE(store.range(1, "D1", {2, 3, Order::ascending, Cursor{3, "3"}, 100}).empty());
  EXPECT_TRUE(store.range(2, "D1", window(0, 9)).empty());
}

TEST_F(StoreLaws, WhatAVisitorThrowsComesOutAndNothingIsLeftOfTheVisit) {
  add_device(store);
  put(store, {plain_record(1, "a"), plain_record(2, "b"), plain_record(3, "c")});
  for (const Fields fields : {Fields::all, Fields::document}) {
    RangeQuery query = window(0, 9);
    query.fields = fields;
    Texts seen;
    const auto two = [&seen](const Record& record) {
      seen.push_back(record.id);
      if (seen.size() == 2) throw std::length_error("enough");
    };
    EXPECT_THROW(store.visit(1, "D1", query, two), std::length_error);
    EXPECT_EQ(seen, (Texts{"a", "b"}));
    EXPECT_EQ(put(store, {plain_record(3, "c")}).duplicates, 1);
    EXPECT_EQ(ids(store), (Texts{"a", "b", "c"}));
  }
}

TEST_F(StoreLaws, ARecordIsKnownByItsIdAndByBootAndSequence) {
  add_device(store), add_device(store, "D2");
  EXPECT_EQ(
      put(store, {numbered(1, "a", 1, 1), numbered(2, "a", 1, 2), numbered(3, "b", 1, 1), numbered(4, "c", 2, 1)}),
      (InsertCount{2, 2}));
  EXPECT_EQ(ids(store), (Texts{"a", "c"}));
  EXPECT_EQ(put(store, {numbered(9, "a", 7, 7), numbered(9, "x", 2, 1), numbered(1, "a", 1, 1)}), (InsertCount{0, 3}));
  EXPECT_EQ(put(store, {numbered(5, "d", 1, std::nullopt), numbered(6, "e", 1, std::nullopt)}), (InsertCount{2, 0}));
  EXPECT_EQ(put(store, {numbered(5, "f", std::nullopt, 1), numbered(6, "g", std::nullopt, 1)}), (InsertCount{2, 0}));
  const Record same = numbered(1, "a", 1, 1);
  EXPECT_EQ(store.insert(1, "D2", std::span(&same, 1), 0), (InsertCount{1, 0}));  // of another device
  EXPECT_EQ(store.size().records, 7);
}

TEST_F(StoreLaws, ArrivalsOfADeviceNeverGoBack) {
  add_device(store), add_device(store, "D2");
  const auto arrive = [&](const std::string& device, std::int64_t now_ms, const std::string& id) {
    return Change{1, now_ms, Ingest{device, {plain_record(1, id)}}, std::nullopt};
  };
  store.apply(std::vector{arrive("D1", 9'000, "a"), arrive("D1", 5'000, "b"), arrive("D2", 5'000, "c")});
  store.apply(std::vector{arrive("D1", 7'000, "d"), arrive("D1", 12'500, "e")});
  std::vector<std::int64_t> arrived_s;
  for (const Record& record : store.range(1, "D1", window(0, 9))) arrived_s.push_back(record.arrived_s);
  EXPECT_EQ(arrived_s, (std::vector<std::int64_t>{9, 9, 9, 12}));
  EXPECT_EQ(store.latest(1, "D2")->arrived_s, 5);
  EXPECT_EQ(store.find_device(1, "D1")->last_connected_ms, 12'500);
}

TEST_F(StoreLaws, ADeviceAndItsRecordsMayComeTogether) {
  Device device;
  device.device_id = "new", device.cell_count = 15, device.created_ms = 7;
  const Change add{1, 5, device, Once{"k", "digest"}}, fill{1, 5, Ingest{"new", {plain_record(1, "a")}}, std::nullopt};
  const auto made = store.apply(std::vector{add, fill, add, Change{1, 5, device, std::nullopt}});
  EXPECT_EQ(made[0].outcome, Outcome::made);
  EXPECT_EQ(made[1].count, (InsertCount{1, 0}));
  EXPECT_EQ(made[2].outcome, Outcome::replayed);
  EXPECT_EQ(made[3].outcome, Outcome::exists);
  EXPECT_EQ(store.find_device(1, "new")->cell_count, 15);
  EXPECT_FALSE(store.find_device(2, "new"));
  EXPECT_THROW(store.apply(std::vector{Change{2, 5, Ingest{"new", {}}, std::nullopt}}), std::invalid_argument);
}

TEST_F(StoreLaws, AKeyReplaysItsRequestAndRefusesAnother) {
  add_device(store);
  const Change first{1, 5, Ingest{"D1", {plain_record(1, "a"), plain_record(1, "a")}}, Once{"k", "one"}};
  Change other = first, elsewhere = first;
  other.once->request_digest = "two";
  elsewhere.organization = 2, elsewhere.what = device("D1", 2);
  const auto done = store.apply(std::vector{first, first, other, elsewhere});
  EXPECT_EQ(done[0].outcome, Outcome::made);
  EXPECT_EQ(done[1].outcome, Outcome::replayed);
  EXPECT_EQ(done[1].count, (InsertCount{1, 1}));
  EXPECT_EQ(done[2].outcome, Outcome::key_conflict);
  EXPECT_EQ(done[3].outcome, Outcome::made);
  EXPECT_EQ(apply(store, first).count, (InsertCount{1, 1}));
  EXPECT_EQ(apply(store, other).outcome, Outcome::key_conflict);
  EXPECT_EQ(store.size().records, 1);
}

TEST_F(StoreLaws, AKeyIsNotSpentOnADeviceThatExists) {
  add_device(store);
  const Device taken = device("D1"), free = device("D2");
  EXPECT_EQ(apply(store, {1, 5, taken, Once{"k", "one"}}).outcome, Outcome::exists);
  EXPECT_EQ(apply(store, {1, 5, free, Once{"k", "two"}}).outcome, Outcome::made);
}

TEST_F(StoreLaws, DevicesAreListedByTheirBytesAfterAPlace) {
  for (const char* id : {"b", "B", "a", "_", "a.1"}) add_device(store, id);
  add_device(store, "other", 2);
  const auto names = [&](const std::string& after, std::int64_t limit) {
    Texts found;
    for (const Device& device : store.devices(1, after, limit)) found.push_back(device.device_id);
    return found;
  };
  EXPECT_EQ(names("", 100), (Texts{"B", "_", "a", "a.1", "b"}));
  EXPECT_EQ(names("_", 2), (Texts{"a", "a.1"}));
  EXPECT_TRUE(names("b", 2).empty());
}

TEST_F(StoreLaws, AKeyIsAddedFoundListedAndRevokedOnce) {
  const StoredKey later{.id = "a", .name = "n", .scopes = 3, .secret_digest = sha256("s"), .created_ms = 2};
  const StoredKey earlier{.id = "b", .organization = 7, .created_ms = 1, .expires_ms = 9};
  store.add_key(later), store.add_key(earlier), store.add_key(later);
  EXPECT_EQ(store.keys(), (std::vector{earlier, later}));
  EXPECT_TRUE(store.revoke_key("a", 5));
  EXPECT_FALSE(store.revoke_key("a", 6));
  EXPECT_FALSE(store.revoke_key("c", 6));
  EXPECT_EQ(store.find_key("a")->revoked_ms, 5);
  EXPECT_EQ(store.find_key("b"), earlier);
}

TEST_F(StoreLaws, OldRecordsAreForgottenButTheNewestOfADevice) {
  add_device(store), add_device(store, "D2");
  for (int i = 1; i <= 9; ++i) put(store, {plain_record(i * 100, std::to_string(i))});
  store.insert(1, "D2", std::vector{plain_record(1, "old"), plain_record(1, "old and last")}, 0);
  EXPECT_EQ(store.forget_before(500, 1000), 5);
  EXPECT_EQ(ids(store), (Texts{"5", "6", "7", "8", "9"}));
  EXPECT_EQ(ids(store, "D2"), Texts{"old and last"});
  EXPECT_EQ(store.size().records, 6);
  EXPECT_EQ(store.forget_before(500, 1000), 0);
  EXPECT_EQ(store.forget_before(100'000, 3), 3);  // a slice
  EXPECT_EQ(store.forget_before(100'000, 3), 1);
  EXPECT_EQ(store.latest(1, "D1")->id, "9");
  EXPECT_EQ(store.size().records, 2);
}

TEST_F(StoreLaws, IdempotencyKeysAreForgottenWithTheirAge) {
  add_device(store);
  const Change change{1, 100, Ingest{"D1", {plain_record(6, "new")}}, Once{"k", "digest"}};
  apply(store, change);
  store.forget_before(100, 10);
  EXPECT_EQ(apply(store, change).outcome, Outcome::replayed);
  store.forget_before(101, 10);
  EXPECT_EQ(apply(store, change).outcome, Outcome::made);
  EXPECT_EQ(ids(store).size(), 1u);  // its record is known by its id
}

TEST_F(StoreLaws, TheSizeGrowsWithTheRecords) {
  add_device(store);
  const StoreSize before = store.size();
  std::vector<Record> records;
  for (int i = 0; i < 1000; ++i) records.push_back(plain_record(i, std::to_string(i)));
  put(store, records);
  EXPECT_EQ(store.size().records, before.records + 1000);
  EXPECT_GT(store.size().bytes, before.bytes + 1000 * 15 * 5);
  EXPECT_NO_THROW(store.check_writable());
}

}  // namespace
}  // namespace packbench::hil::api::test
