// RunStarter: starts runs in the open project and brings them to the front; also the demo, with which one
// click shows what Muster does. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QObject>

namespace muster {

class ProjectContext;

class RunStarter final : public QObject {
    Q_OBJECT

public:
    RunStarter(api::NodeApi *node, ProjectContext *context, QObject *parent = nullptr);

    // `project` may be left empty: the open one. `done` gets an error, too; without it the window tells.
    void start(api::StartRun request, std::function<void(Result<RunId>)> done = {});
    // A new run from an earlier one.
    void rerun(const api::RerunRun &request);
    // Opens the demo project and starts its survey.
    void startDemo();
    void cancel(RunId run);
    void pause(RunId run, bool paused); // false: it goes on

private:
    void begin(const api::Command &command, const QString &project, std::function<void(Result<RunId>)> done);
    void submit(const api::Command &command);

    api::NodeApi *m_node;
    ProjectContext *m_context;
};

} // namespace muster
