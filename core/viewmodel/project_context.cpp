#include "core/viewmodel/project_context.h"

#include <algorithm>

namespace muster {

ProjectContext::ProjectContext(api::NodeApi *node, QObject *parent)
    : QObject(parent)
    , m_node(node)
{
}

void ProjectContext::open(const QString &path) { submitOpen({.path = path}); }

void ProjectContext::openDemo() { submitOpen({.path = {}, .demo = true}); }

void ProjectContext::restore(const api::ProjectInfo &known)
{
    m_project = known;
    emit projectChanged();
    m_node->submit(api::OpenProject{.path = known.path}, this,
                   [this, path = known.path](const Result<api::CommandDone> &done) {
        if (path != m_project.path)
            return; // another one was opened meanwhile
        if (done) {
            load(done->refs.project, path);
            return;
        }
        close(); // the folder is gone
        emit failed(done.error());
    });
}

void ProjectContext::close()
{
    m_project = {};
    setRun({});
    setConversation({});
    setWorktree({});
    setSchedule({});
    emit projectChanged();
}

void ProjectContext::setTrusted(bool trusted)
{
    m_node->submit(api::TrustProject{.path = m_project.path, .trusted = trusted}, this,
                   [this, id = m_project.id](const Result<api::CommandDone> &done) {
        if (!done)
            emit failed(done.error());
        else if (id == m_project.id)
            load(id, m_project.path);
    });
}

void ProjectContext::setRun(RunId run)
{
    if (std::exchange(m_run, run) != run)
        emit runChanged();
}

void ProjectContext::setConversation(ConversationId conversation)
{
    if (std::exchange(m_conversation, conversation) != conversation)
        emit conversationChanged();
}

void ProjectContext::setWorktree(WorktreeId worktree)
{
    if (std::exchange(m_worktree, worktree) != worktree)
        emit worktreeChanged();
}

void ProjectContext::setSchedule(ScheduleId schedule)
{
    if (std::exchange(m_schedule, schedule) != schedule)
        emit scheduleChanged();
}

void ProjectContext::submitOpen(const api::OpenProject &command)
{
    m_node->submit(command, this, [this, path = command.path](const Result<api::CommandDone> &done) {
        if (!done)
            emit failed(done.error());
        else
            load(done->refs.project, done->text.isEmpty() ? path : done->text);
    });
}

void ProjectContext::load(ProjectId id, const QString &path)
{
    m_node->query(api::ListProjects{}, this,
                  [this, id, path](const Result<std::vector<api::ProjectInfo>> &list) {
        if (!list) {
            emit failed(list.error());
            return;
        }
        const auto found = std::ranges::find_if(
            *list, [&](const api::ProjectInfo &p) { return id.isValid() ? p.id == id : p.path == path; });
        if (found == list->end()) {
            emit failed({.code = ErrorCode::NotFound, .detail = path, .where = {}});
            return;
        }
        const bool another = found->id != m_project.id;
        m_project = *found;
        if (another) {
            setRun({});
            setConversation({});
            setWorktree({});
            setSchedule({});
        }
        emit projectChanged();
    });
}

} // namespace muster
