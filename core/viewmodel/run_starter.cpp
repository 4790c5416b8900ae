#include "core/viewmodel/run_starter.h"

#include "core/viewmodel/project_context.h"

using namespace Qt::StringLiterals;

namespace muster {

RunStarter::RunStarter(api::NodeApi *node, ProjectContext *context, QObject *parent)
    : QObject(parent)
    , m_node(node)
    , m_context(context)
{
}

void RunStarter::start(api::StartRun request, std::function<void(Result<RunId>)> done)
{
    if (request.project.isEmpty())
        request.project = m_context->project().path;
    begin(request, request.project, std::move(done));
}

void RunStarter::rerun(const api::RerunRun &request) { begin(request, m_context->project().path, {}); }

void RunStarter::begin(const api::Command &command, const QString &project,
                       std::function<void(Result<RunId>)> done)
{
    m_node->submit(command, this,
                   [this, done = std::move(done), project](const Result<api::CommandDone> &reply) {
        if (!reply) {
            if (done)
                done(std::unexpected(reply.error()));
            else
                emit m_context->failed(reply.error());
            return;
        }
        if (project == m_context->project().path) {
            m_context->setRun(reply->refs.run);
            emit m_context->dockWanted(u"workflow"_s);
        }
        if (done)
            done(reply->refs.run);
    });
}

void RunStarter::startDemo()
{
    // Waits for whichever comes first: the demo project, or word that it cannot be opened.
    auto *once = new QObject(this);
    connect(m_context, &ProjectContext::projectChanged, once, [this, once] {
        once->deleteLater();
        start({.flow = u"survey"_s});
    });
    connect(m_context, &ProjectContext::failed, once, &QObject::deleteLater);
    m_context->openDemo();
}

void RunStarter::cancel(RunId run) { submit(api::CancelRun{.run = run}); }

void RunStarter::pause(RunId run, bool paused) { submit(api::PauseRun{.run = run, .paused = paused}); }

void RunStarter::submit(const api::Command &command)
{
    m_node->submit(command, this, [this](const Result<api::CommandDone> &done) {
        if (!done)
            emit m_context->failed(done.error());
    });
}

} // namespace muster
