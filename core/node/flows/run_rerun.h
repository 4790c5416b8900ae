// RunRerun: a new run from an earlier one. What it keeps is decided by planRerun(); here are what the store
// and git have to say to that: whether the earlier run has ended, the definition, and where kept work is.
// Core thread.
#pragma once

#include "core/base/async.h"
#include "core/node/api/commands.h"
#include "core/node/api/queries.h"
#include "core/node/flows/earlier_run.h"
#include "core/node/flows/run_service.h"
#include "core/node/projects/changes_service.h"
#include "core/tasks/task_service.h"

namespace muster {

class RunRerun : public AsyncOwner {
public:
    RunRerun(Ledger &ledger, RunService &runs, ProjectService &projects, ChangesService &changes,
             TaskService &tasks, QString personFolder);

    // Refused before anything is changed: errors of RunService::start(), and Conflict or NotFound with a
    // RerunRefusal. An earlier run that is active and that nobody has in hand is cancelled first, with its
    // tasks.
    [[nodiscard]] Async<RunRow> start(api::RerunRun request, QString by);
    [[nodiscard]] Async<std::vector<api::RerunChoice>> choices(api::GetRerunChoices query);

private:
    struct Ready {
        PreparedRun prepared;
        RunBefore before;
    };

    [[nodiscard]] Async<EarlierRunPtr> read(RunId run);
    [[nodiscard]] Async<Ready> look(EarlierRunPtr earlier, api::RerunRun request);
    [[nodiscard]] Async<PreparedRun> prepare(EarlierRunPtr earlier, api::RerunRun request);
    [[nodiscard]] Async<PreparedRun> prepareEdited(EarlierRunPtr earlier, api::StartRun start, QString file);
    [[nodiscard]] Async<RunBefore> place(EarlierRunPtr earlier, PreparedRun prepared, RunBefore before);
    // Conflict: another run of the flow is active, and the flow allows one.
    [[nodiscard]] Async<bool> hasRoom(EarlierRunPtr earlier, PreparedRun prepared);
    [[nodiscard]] Async<bool> endOrphan(RunRow run, QString by);
    [[nodiscard]] Async<QString> tipOf(WorktreeRow tree, GitTrust trust);

    Ledger &m_ledger;
    RunService &m_runs;
    ProjectService &m_projects;
    ChangesService &m_changes;
    TaskService &m_tasks;
    QString m_personFolder;
};

} // namespace muster
