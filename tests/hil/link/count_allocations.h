// How often this program has called operator new.
#pragma once

long allocations();
