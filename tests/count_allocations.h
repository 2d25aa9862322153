// How often this program has called operator new: compile count_allocations.cpp into the test that asks.
#pragma once

long allocations();
