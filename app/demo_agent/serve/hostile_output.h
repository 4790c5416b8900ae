// Output that a client must survive: floods, lines without end, bytes that are no protocol, calls that
// never stop. Each ends when the turn is stopped. Used from the turn's thread.
#pragma once

#include "app/demo_agent/serve/narrator.h"

namespace muster::demo {

void flood(Narrator &narrator, int mebibytes); // many small deltas as fast as they go
// Deltas of a line each, numbered from 1, as long as a piece and as far apart: whoever takes them can tell
// that none is missing and all are in order. By the clock, so that they do not fall behind.
void countUp(Narrator &narrator, int pieces);
void bigLine(Narrator &narrator, int mebibytes); // one delta in one line of that length
void garbage(Narrator &narrator);                // lines that are not JSON, or only half
void badUtf8(Narrator &narrator);                // a delta with bytes that are not UTF-8
void toolLoop(Narrator &narrator, int calls);    // negative: without end

} // namespace muster::demo
