#include "sim/plant/contacts.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace packbench::sim {
namespace {

constexpr TimeNs kPickup = 30 * kMillisecond, kDropout = 20 * kMillisecond, kFeedback = 5 * kMillisecond;

Contacts contactor() { return Contacts({0.030, 0.020}, 0.005); }

// Carries out every change up to `until`, each at its own time.
void run(Contacts& contacts, TimeNs until) {
  while (contacts.next_change() <= until) contacts.update(contacts.next_change());
}

Contacts closed_contactor() {
  Contacts contacts = contactor();
  contacts.drive(true, 0);
  run(contacts, kSecond);
  return contacts;
}

TEST(Contacts, CloseAfterPickupAndTheAuxiliaryContactFollowsLater) {
  Contacts contacts = contactor();
  contacts.drive(true, 0);
  EXPECT_EQ(contacts.next_change(), kPickup);
  run(contacts, kPickup - 1);
  EXPECT_FALSE(contacts.closed());
  run(contacts, kPickup);
  EXPECT_TRUE(contacts.closed());
  EXPECT_FALSE(contacts.feedback());
  run(contacts, kPickup + kFeedback);
  EXPECT_TRUE(contacts.feedback());
  EXPECT_EQ(contacts.next_change(), kNever);
}

TEST(Contacts, OpenAfterDropout) {
  Contacts contacts = closed_contactor();
  contacts.drive(false, kSecond);
  run(contacts, kSecond + kDropout - 1);
  EXPECT_TRUE(contacts.closed());
  run(contacts, kSecond + kDropout);
  EXPECT_FALSE(contacts.closed());
  EXPECT_TRUE(contacts.feedback());
  run(contacts, kSecond + kDropout + kFeedback);
  EXPECT_FALSE(contacts.feedback());
}

TEST(Contacts, RepeatedDriveDoesNotStartThePickupAgain) {
  Contacts contacts = contactor();
  contacts.drive(true, 0);
  contacts.drive(true, kPickup / 2);
  EXPECT_EQ(contacts.next_change(), kPickup);
}

TEST(Contacts, PulseShorterThanThePickupDoesNotClose) {
  Contacts contacts = contactor();
  contacts.drive(true, 0);
  run(contacts, kPickup - 1);
  contacts.drive(false, kPickup - 1);
  EXPECT_EQ(contacts.next_change(), kNever);
  EXPECT_FALSE(contacts.closed());
}

TEST(Contacts, GapShorterThanTheDropoutDoesNotOpen) {
  Contacts contacts = closed_contactor();
  contacts.drive(false, kSecond);
  contacts.drive(true, kSecond + kDropout - 1);
  EXPECT_EQ(contacts.next_change(), kNever);
  EXPECT_TRUE(contacts.closed());
}

TEST(Contacts, WeldedStayClosedAndOpenAfterDropoutWhenTheWeldEnds) {
  Contacts contacts = closed_contactor();
  contacts.set_fault(ContactorFault::weld, true, kSecond);
  contacts.drive(false, kSecond);
  run(contacts, 10 * kSecond);
  EXPECT_TRUE(contacts.closed());
  EXPECT_TRUE(contacts.feedback());
  contacts.set_fault(ContactorFault::weld, false, 10 * kSecond);
  run(contacts, 10 * kSecond + kDropout);
  EXPECT_FALSE(contacts.closed());
}

TEST(Contacts, WeldWhileOpenActsOnceTheyAreClosed) {
  Contacts contacts = contactor();
  contacts.set_fault(ContactorFault::weld, true, 0);
  run(contacts, kSecond);
  EXPECT_FALSE(contacts.closed());
  contacts.drive(true, kSecond);
  run(contacts, 2 * kSecond);
  contacts.drive(false, 2 * kSecond);
  run(contacts, 3 * kSecond);
  EXPECT_TRUE(contacts.closed());
}

TEST(Contacts, FailToCloseStayOpenAndCloseAfterPickupWhenTheFaultEnds) {
  Contacts contacts = contactor();
  contacts.set_fault(ContactorFault::fail_to_close, true, 0);
  contacts.drive(true, 0);
  run(contacts, kSecond);
  EXPECT_FALSE(contacts.closed());
  EXPECT_FALSE(contacts.feedback());
  contacts.set_fault(ContactorFault::fail_to_close, false, kSecond);
  run(contacts, kSecond + kPickup);
  EXPECT_TRUE(contacts.closed());
}

TEST(Contacts, FailToCloseDoesNotOpenClosedOnes) {
  Contacts contacts = closed_contactor();
  contacts.set_fault(ContactorFault::fail_to_close, true, kSecond);
  run(contacts, 2 * kSecond);
  EXPECT_TRUE(contacts.closed());
}

TEST(Contacts, StuckFeedbackLiesWhileTheContactsWork) {
  Contacts open = contactor();
  open.set_fault(ContactorFault::feedback_stuck_closed, true, 0);
  EXPECT_TRUE(open.feedback());
  EXPECT_FALSE(open.closed());
  Contacts closed = closed_contactor();
  closed.set_fault(ContactorFault::feedback_stuck_open, true, kSecond);
  EXPECT_FALSE(closed.feedback());
  EXPECT_TRUE(closed.closed());
  closed.set_fault(ContactorFault::feedback_stuck_open, false, kSecond);
  EXPECT_TRUE(closed.feedback());
}

TEST(Contacts, ZeroDelaysActAtOnce) {
  Contacts contacts({0.0, 0.0}, 0.0);
  contacts.drive(true, 7);
  EXPECT_TRUE(contacts.closed());
  EXPECT_TRUE(contacts.feedback());
  contacts.drive(false, 8);
  EXPECT_FALSE(contacts.closed());
  EXPECT_FALSE(contacts.feedback());
}

TEST(Contacts, NegativeDelayIsRefused) { EXPECT_THROW(Contacts({-0.001, 0.02}, 0.005), std::invalid_argument); }

}  // namespace
}  // namespace packbench::sim
