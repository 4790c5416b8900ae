// What the carriers of tasks share. Everything here outlives every task. Core thread.
#pragma once

#include "core/agent/runtime_catalog.h"
#include "core/agent/session_pool.h"
#include "core/base/paths.h"
#include "core/node/events/ledger.h"
#include "core/node/projects/changes_service.h"
#include "core/node/projects/project_service.h"
#include "core/node/work/accounts.h"
#include "core/node/work/credentials.h"
#include "core/node/work/day_costs.h"
#include "core/node/work/inbox_desk.h"
#include "core/node/work/mcp_servers.h"
#include "core/node/work/runtime_limits.h"
#include "core/node/work/session_watch.h"
#include "core/node/work/stream_recorder.h"
#include "core/process/guard_client.h"
#include "core/process/launcher.h"

namespace muster {

struct WorkContext {
    Ledger &ledger;
    const Paths &paths;
    ProjectService &projects;
    ChangesService &changes;
    InboxDesk &inbox;
    StreamRecorder &streams;
    const RuntimeCatalog &runtimes;
    Launcher &launcher;
    GuardClient &guards;
    Credentials &credentials;
    McpServers &mcpServers;
    SessionPool &sessions;
    RuntimeLimits &limits;
    DayCosts &dayCosts;
    Accounts &accounts;
    QString personFolder; // flows/ and agents/ of the person
    QString owner;        // this process, as leases name it
    std::function<QString()> defaultRuntime;
    std::function<QString()> fallback; // runtimes that are taken where the wished one cannot be used
    std::function<qint64()> stallMs;
    std::function<WatchLimits()> watchLimits; // without the task's own
    std::function<void(qint64)> sessionTook;  // bytes of memory at most, of one that ended
};

} // namespace muster
