// Makes a home of Muster's one in which real agent programs can be used against the fake model.
#pragma once

#include "tests/e2e/agents/agent_programs.h"
#include "tests/e2e/muster_home.h"

namespace muster::e2e {

// Before its node starts. Each must be one of agentPrograms() and installed.
void useRealAgents(MusterHome &home, const QStringList &runtimes, const QString &url);

} // namespace muster::e2e
