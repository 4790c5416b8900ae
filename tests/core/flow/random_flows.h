// Random flows with random ends, for worlds that crash: the same seed is the same flow. Of every kind of
// step, every trigger and every way to fail.
#pragma once

#include "tests/core/flow/engine_world.h"

namespace muster::test {

struct Scenario {
    QString yaml;
    unsigned seed = 0;
    bool timed = false; // may be cut short by time
    bool exact = false; // what becomes of each step does not depend on the order of events
};

[[nodiscard]] Scenario randomFlow(unsigned seed);

// By the unit alone, so that it is the same in every order and after every crash.
[[nodiscard]] AttemptResult outcomeOf(const AttemptSpec &spec, unsigned seed);
[[nodiscard]] WorldSetup setupOf(const Scenario &scenario, double crashChance);

[[nodiscard]] QStringList statuses(const EngineWorld &world, const FlowDefinition &definition);
// Units with more than one good end in a round, however often their node died.
[[nodiscard]] QStringList repeated(const EngineWorld &world, const FlowDefinition &definition);
// Rows of the store that do not say what folding the journal says.
[[nodiscard]] QStringList disagreeing(const EngineWorld &world, const FlowDefinition &definition);

} // namespace muster::test
