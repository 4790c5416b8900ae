// What each command does. Of those from inside an agent's tree all but one are refused before anything else
// is looked at.
#include "core/node/api/wire.h"
#include "core/node/flows/flow_files.h"
#include "core/node/service/node.h"
#include "core/node/work/agent_origin.h"
#include "core/node/work/permission_rules.h"
#include "core/store/permission_repository.h"
#include "core/store/project_repository.h"
#include "core/store/task_repository.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

void answerWith(const Async<api::CommandDone> &async, QObject *context, const Backend::CommandCallback &done)
{
    async.future().then(context, [done](const Result<api::CommandDone> &result) { done(result); });
}

constexpr auto poolSettings = "pools."_L1; // and the name of the pool whose cap it is

api::CommandDone projectDone(const OpenedProject &project)
{
    return {.refs = {.project = project.row.id}, .text = project.info.root};
}

} // namespace

struct CommandHandler {
    Node &node;
    Caller caller;
    Backend::CommandCallback done;

    void operator()(const api::OpenProject &c) { answerWith(open(node, c), &node, done); }
    void operator()(const api::TrustProject &c) { answerWith(trust(node, c, caller.name), &node, done); }
    void operator()(const api::StartRun &c)
    {
        if (const Status known = node.checkRuntime(c.runtime); !known)
            done(std::unexpected(known.error()));
        else
            answerWith(start(node, c, caller.name), &node, done);
    }
    void operator()(const api::RerunRun &c) { answerWith(rerun(node, c, caller.name), &node, done); }
    void operator()(const api::CancelRun &c) { answerWith(cancel(node, c, caller.name), &node, done); }
    void operator()(const api::PauseRun &c) { answerWith(pause(node, c, caller.name), &node, done); }
    void operator()(const api::MergeWorktree &c)
    {
        answerWith(node.m_changes.merge(c, caller.name), &node, done);
    }
    void operator()(const api::DropWorktree &c)
    {
        answerWith(node.m_changes.drop(c, caller.name), &node, done);
    }

    void operator()(const api::AnswerInbox &c)
    {
        node.m_inbox.answer(c, caller.name, [done = done](const Result<InboxRow> &row) {
            done(row.transform([](const InboxRow &item) {
                api::CommandDone answered{.refs = item.refs, .text = item.answer};
                answered.refs.inbox = item.id;
                return answered;
            }));
        });
    }

    void operator()(const api::SetSetting &c)
    {
        const auto value = node.m_settings.checked(c.key, c.value);
        if (!value) {
            done(std::unexpected(value.error()));
            return;
        }
        node.m_ledger.commit(&node,
                             [key = c.key, value = *value, usual = node.m_settings.defaultOf(c.key),
                              by = caller.name](Connection &db, EventBatch &log) -> Status {
            log.add(u"node.setting"_s, {}, by, {{u"key"_s, key}, {u"value"_s, value}});
            if (key.startsWith(poolSettings)) {
                const int cap = value.isNull() ? usual.toInt() : value.toInt();
                if (Status set = PoolRepository(db).setCap(key.sliced(poolSettings.size()), cap); !set)
                    return set;
            }
            SettingsRepository settings(db);
            return value.isNull() ? settings.remove(key) : settings.set(key, value, log.nowMs());
        },
                             [&node = node, done = done, key = c.key, value = *value](const Status &written) {
            if (written)
                node.m_settings.set(key, value); // its event may come later: behind those of another process
            done(written.transform([&] { return api::CommandDone{.text = key}; }));
        });
    }

    void operator()(const api::WriteFlow &c) { answerWith(writeFlow(node, c, caller.name), &node, done); }

    void operator()(const api::SetPermission &c)
    {
        node.m_ledger.commit(&node, [c, by = caller.name](Connection &db, EventBatch &log) {
            return setPermission(db, log, c, by);
        }, [done = done](const Result<PermissionRuleId> &rule) {
            done(rule.transform([](PermissionRuleId id) { return api::CommandDone{.text = id.toString()}; }));
        });
    }
    void operator()(const api::RevokePermission &c)
    {
        node.m_ledger.commit(&node, [rule = c.rule, by = caller.name](Connection &db, EventBatch &log) {
            return revokePermission(db, log, rule, by);
        }, [done = done](const Status &removed) {
            done(removed.transform([] { return api::CommandDone{}; }));
        });
    }

    void operator()(const api::SetSecret &c)
    {
        answerWith(node.m_credentials.set(c, caller.name), &node, done);
    }
    void operator()(const api::RemoveSecret &c)
    {
        answerWith(node.m_credentials.remove(c, caller.name), &node, done);
    }

    void operator()(const api::UnlockKeys &c) { answerWith(node.m_keys.unlock(c, caller.name), &node, done); }

    void operator()(const api::AddAccount &c) { answerWith(addAccount(node, c, caller.name), &node, done); }
    void operator()(const api::RemoveAccount &c)
    {
        answerWith(node.m_accounts.remove(c, caller.name), &node, done);
    }

    void operator()(const api::StartTask &c)
    {
        if (const Status known = node.checkRuntime(c.runtime); !known)
            done(std::unexpected(known.error()));
        else
            answerWith(node.m_taskDesk.start(c, caller.name), &node, done);
    }
    void operator()(const api::RunTaskNow &c)
    {
        answerWith(node.m_taskDesk.runNow(c, caller.name), &node, done);
    }
    void operator()(const api::CancelTask &c)
    {
        answerWith(node.m_taskDesk.cancel(c, caller.name), &node, done);
    }
    void operator()(const api::RetryTask &c)
    {
        answerWith(node.m_taskDesk.retry(c, caller.name), &node, done);
    }
    void operator()(const api::SetPriority &c)
    {
        answerWith(node.m_taskDesk.setPriority(c, caller.name), &node, done);
    }
    void operator()(const api::SetPool &c)
    {
        answerWith(node.m_taskDesk.setPool(c, caller.name), &node, done);
    }

    void operator()(const api::StopNode &c)
    {
        if (!c.force && node.isAtWork()) {
            done(fail(ErrorCode::Conflict, u"busy"_s, QString::number(node.m_tasks.heldCount())));
            return;
        }
        done(api::CommandDone{});
        // After the answer has been written.
        QMetaObject::invokeMethod(&node, &Node::stopRequested, Qt::QueuedConnection);
    }

    void operator()(const api::NewConversation &c)
    {
        if (const Status known = node.checkRuntime(c.runtime); !known)
            done(std::unexpected(known.error()));
        else
            answerWith(node.m_chat.create(c, caller.name), &node, done);
    }
    void operator()(const api::SendMessage &c) { answerWith(node.m_chat.send(c), &node, done); }
    void operator()(const api::StopTurn &c) { done(node.m_chat.stopTurn(c)); }
    void operator()(const api::MarkRead &c) { answerWith(node.m_chat.markRead(c, caller.name), &node, done); }
    void operator()(const api::RetryTurn &c) { answerWith(node.m_chat.retry(c), &node, done); }

    void operator()(const api::SaveSchedule &c)
    {
        if (const Status known = node.checkRuntime(c.spec.runtime); !known)
            done(std::unexpected(known.error()));
        else
            answerWith(node.m_schedules.save(c, caller.name), &node, done);
    }
    void operator()(const api::RemoveSchedule &c)
    {
        answerWith(node.m_schedules.remove(c, caller.name), &node, done);
    }
    void operator()(const api::PauseSchedule &c)
    {
        answerWith(node.m_schedules.pause(c, caller.name), &node, done);
    }
    void operator()(const api::ResumeSchedule &c)
    {
        answerWith(node.m_schedules.resume(c, caller.name), &node, done);
    }
    void operator()(const api::RunScheduleNow &c)
    {
        answerWith(node.m_schedules.runNow(c, caller.name), &node, done);
    }

    static Async<api::CommandDone> open(Node &node, api::OpenProject c)
    {
        const auto project =
            c.demo ? co_await node.m_projects.openDemo() : co_await node.m_projects.open(c.path);
        if (!project)
            co_return std::unexpected(project.error());
        co_return projectDone(*project);
    }

    // What the person writes here keeps the trust that they gave; what somebody else had changed before had
    // ended it.
    static Async<api::CommandDone> writeFlow(Node &node, api::WriteFlow c, QString by)
    {
        const auto project = co_await node.m_projects.open(c.project);
        if (!project)
            co_return std::unexpected(project.error());
        const FlowPlaces places{.projectRoot = project->info.root,
                                .personFolder = node.m_options.paths.configDir};
        const FlowWrite write{.path = c.path, .text = c.text.toUtf8(), .expectedHash = c.expectedHash};
        const auto written =
            co_await resultOf(onPool([places, write] { return writeFlowText(places, write); }));
        if (!written)
            co_return std::unexpected(written.error());
        if (project->trusted) {
            if (const auto kept = co_await node.m_projects.setTrust(c.project, true, by); !kept)
                co_return std::unexpected(kept.error());
        }
        const auto told = co_await resultOf(node.m_ledger.commitAsync(
            [id = project->row.id, path = written->path, by](Connection &, EventBatch &log) -> Status {
            log.add(u"project.flow_written"_s, {.project = id}, by, {{u"path"_s, path}});
            return {};
        }));
        if (!told)
            co_return std::unexpected(told.error());
        co_return api::CommandDone{
            .refs = {.project = project->row.id}, .text = written->path, .list = {written->hash}};
    }

    static Async<api::CommandDone> addAccount(Node &node, api::AddAccount c, QString by)
    {
        auto added = co_await node.m_accounts.add(c, by);
        if (added)
            node.m_tasks.drain(); // what waits for another account's limit
        co_return added;
    }

    static Async<api::CommandDone> trust(Node &node, api::TrustProject c, QString by)
    {
        const auto project = co_await node.m_projects.setTrust(c.path, c.trusted, by);
        if (!project)
            co_return std::unexpected(project.error());
        co_return projectDone(*project);
    }

    static Async<api::CommandDone> start(Node &node, api::StartRun c, QString by)
    {
        const auto run = co_await node.m_runs.start(c, by);
        if (!run)
            co_return std::unexpected(run.error());
        co_return started(*run);
    }

    static Async<api::CommandDone> rerun(Node &node, api::RerunRun c, QString by)
    {
        const auto run = co_await node.m_reruns.start(c, by);
        if (!run)
            co_return std::unexpected(run.error());
        co_return started(*run);
    }

    static api::CommandDone started(const RunRow &run)
    {
        return {.refs = {.project = run.project, .run = run.id}, .text = QString::number(run.number)};
    }

    static Async<api::CommandDone> cancel(Node &node, api::CancelRun c, QString by)
    {
        const auto run = co_await node.m_runs.cancel(c.run, by);
        if (!run)
            co_return std::unexpected(run.error());
        co_return api::CommandDone{.refs = {.project = run->project, .run = run->id}};
    }

    static Async<api::CommandDone> pause(Node &node, api::PauseRun c, QString by)
    {
        const auto run = co_await node.m_runs.pause(c.run, c.paused, by);
        if (!run)
            co_return std::unexpected(run.error());
        if (!c.paused)
            node.m_tasks.drain(); // what waited in the queue meanwhile
        co_return api::CommandDone{.refs = {.project = run->project, .run = run->id}};
    }
};

// What is named in a request must be there; what an older store holds is found out when it is used.
Status Node::checkRuntime(const QString &id) const
{
    if (id.isEmpty() || m_runtimes.find(id))
        return {};
    return fail(ErrorCode::InvalidArgument, m_runtimes.ids().join(u", "_s), u"runtime"_s);
}

void Node::refuseAgent(const Caller &caller, const api::Command &command)
{
    m_ledger.commit(this, [caller, name = nameOf(command)](Connection &db, EventBatch &log) -> Status {
        const auto origin = originOf(db, caller);
        if (!origin)
            return std::unexpected(origin.error());
        QJsonObject data = toJsonObjectOf(*origin);
        data.insert(u"command"_s, name);
        log.add(u"node.refused_agent"_s, origin->refs, origin->by, data);
        return AuditRepository(db).add({.atMs = log.nowMs(),
                                        .who = origin->by,
                                        .what = u"command.refused"_s,
                                        .refs = origin->refs,
                                        .data = data});
    });
}

// An agent may ask for a flow, which the rules or the person then allow; nothing else.
void Node::submitForAgent(const Caller &caller, const api::Command &command, const CommandCallback &done)
{
    const auto *start = std::get_if<api::StartRun>(&command);
    if (!start) {
        refuseAgent(caller, command);
        done(fail(ErrorCode::PermissionDenied, u"agent"_s, caller.name));
        return;
    }
    if (const Status known = checkRuntime(start->runtime); !known) {
        done(std::unexpected(known.error()));
        return;
    }
    m_agentStarts.start(*start, caller)
        .future()
        .then(this, [this, caller, command, done](const Result<api::CommandDone> &result) {
        if (!result && result.error().code == ErrorCode::PermissionDenied)
            refuseAgent(caller, command);
        done(result);
    });
}

void Node::submit(const Caller &caller, const api::Command &command, CommandCallback done)
{
    done = withoutSecrets(std::move(done));
    if (m_stopping) {
        done(fail(ErrorCode::Unavailable, u"stopping"_s));
        return;
    }
    if (caller.role == Caller::Role::Agent)
        submitForAgent(caller, command, done);
    else
        std::visit(CommandHandler{.node = *this, .caller = caller, .done = std::move(done)}, command);
}

} // namespace muster
