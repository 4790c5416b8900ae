// How each query is answered: most from the store's read pool, some with a look at files, git or this
// process.
#include "core/node/api/wire.h"
#include "core/node/flows/flow_files.h"
#include "core/node/projects/project_settings.h"
#include "core/node/queries/queries.h"
#include "core/node/schedules/schedule_queries.h"
#include "core/node/service/doctor.h"
#include "core/node/service/node.h"
#include "core/node/work/agent_origin.h"
#include "core/store/sqlite_version.h"

namespace muster {

using namespace Qt::StringLiterals;

namespace {

api::ProjectInfo infoOf(const OpenedProject &project)
{
    api::ProjectInfo info{.id = project.row.id,
                          .path = project.info.root,
                          .name = project.info.name,
                          .trusted = project.trusted,
                          .isGit = project.info.isGit,
                          .branch = project.info.headBranch,
                          .lastUsedAt = project.row.openedMs};
    for (const StackInfo &stack : project.info.stacks)
        info.stack += stack.id;
    return info;
}

} // namespace

struct QueryHandler {
    Node &node;
    Backend::QueryCallback done;

    template <typename Read> void fromStore(Read read)
    {
        node.m_ledger.read(&node, std::move(read), [done = done](auto result) {
            done(result.transform([](auto &value) { return api::QueryReply(std::move(value)); }));
        });
    }
    template <typename T> void answer(const Async<T> &async)
    {
        async.future().then(&node, [done = done](const Result<T> &result) {
            done(result.transform([](const T &value) { return api::QueryReply(value); }));
        });
    }

    void operator()(const api::GetStatus &) { done(node.m_status->status()); }
    void operator()(const api::ListProjects &) { answer(projects(node)); }
    void operator()(const api::ListFlows &q) { answer(flows(node, q)); }
    void operator()(const api::ListProfiles &q) { answer(profiles(node, q)); }
    void operator()(const api::ListSkills &q) { answer(skills(node, q)); }
    void operator()(const api::CheckFlow &q) { answer(check(node, q)); }
    void operator()(const api::Preflight &q) { answer(node.m_preflight.look(q)); }
    void operator()(const api::ReadFlow &q) { answer(flowText(node, q)); }
    void operator()(const api::ListSchedules &q)
    {
        fromStore([q, now = node.m_clock.nowMs(),
                   problems = node.m_scheduleFiles.problems(q.project)](Connection &db) {
            return queries::schedules(db, q.project, now).transform([&](auto schedules) {
                return api::ScheduleList{.schedules = std::move(schedules), .problems = problems};
            });
        });
    }
    void operator()(const api::CheckSchedules &q) { answer(node.m_scheduleFiles.check(q)); }
    void operator()(const api::ShowSchedule &q)
    {
        fromStore([q, now = node.m_clock.nowMs()](Connection &db) { return queries::schedule(db, q, now); });
    }
    void operator()(const api::PreviewWhen &q)
    {
        fromStore([q, now = node.m_clock.nowMs()](Connection &db) { return queries::preview(db, q, now); });
    }
    void operator()(const api::ListRuns &q)
    {
        fromStore([q](Connection &db) { return queries::runs(db, q); });
    }
    void operator()(const api::GetRun &q) { answer(run(node, q)); }
    void operator()(const api::GetRerunChoices &q) { answer(node.m_reruns.choices(q)); }
    void operator()(const api::ListTasks &q)
    {
        fromStore([q](Connection &db) { return queries::tasks(db, q); });
    }
    void operator()(const api::ListQueue &q)
    {
        const qint64 now = node.m_clock.nowMs();
        fromStore([q, look = queries::NodeLook{.owner = node.m_owner,
                                               .nowMs = now,
                                               .heldBack = node.m_tasks.heldBack(),
                                               .nextLookMs = now + node.m_tasks.reapMs()}](Connection &db) {
            return queries::queue(db, q, look);
        });
    }
    void operator()(const api::ListPools &)
    {
        fromStore([now = node.m_clock.nowMs()](Connection &db) { return queries::pools(db, now); });
    }
    void operator()(const api::ListInbox &q)
    {
        fromStore([q](Connection &db) { return queries::inbox(db, q); });
    }
    void operator()(const api::ListEvents &q)
    {
        fromStore([q](Connection &db) { return queries::events(db, q); });
    }
    void operator()(const api::ListConversations &q)
    {
        fromStore([q](Connection &db) { return queries::conversations(db, q); });
    }
    void operator()(const api::ListMessages &q)
    {
        fromStore([q](Connection &db) { return queries::messages(db, q); });
    }
    void operator()(const api::ListWorktrees &q) { answer(worktrees(node, q)); }
    void operator()(const api::GetChanges &q) { answer(node.m_changes.changes(q.worktree, q.path)); }
    void operator()(const api::GetStream &q)
    {
        fromStore([q](Connection &db) { return queries::stream(db, q); });
    }
    void operator()(const api::GetToolCall &q)
    {
        fromStore([q](Connection &db) { return queries::toolCall(db, q); });
    }
    void operator()(const api::ListSettings &q)
    {
        if (q.project.isEmpty())
            done(node.m_settings.list());
        else
            answer(settings(node, q.project));
    }
    void operator()(const api::RunDoctor &q) { answer(doctor(node, q)); }
    void operator()(const api::ListPermissions &q)
    {
        fromStore([q](Connection &db) { return queries::permissions(db, q); });
    }
    void operator()(const api::ListRuntimes &q) { answer(node.m_runtimeDesk.list(q)); }
    void operator()(const api::ListSecrets &) { done(node.m_credentials.list()); }
    void operator()(const api::GetKeyStore &) { done(node.m_keys.info()); }
    void operator()(const api::ListWork &)
    {
        std::vector<api::WorkInfo> work = node.m_dispatcher.work();
        for (const SessionPool::Idle &idle : node.m_sessions.idle()) {
            work.push_back(
                {.task = {},
                 .run = {},
                 .step = {},
                 .conversation = idle.key.conversation,
                 .session = idle.id,
                 .runtime = idle.key.runtime,
                 .title = {},
                 .state = api::WorkState::Idle,
                 .tool = {},
                 .lastSignAt = node.m_clock.nowMs() - (node.m_clock.monotonicMs() - idle.sinceMs)});
        }
        done(work);
    }
    void operator()(const api::ListTableSizes &)
    {
        node.m_store->tableSizes(&node, [done = done](const Result<std::vector<TableSize>> &sizes) {
            done(sizes.transform([](const std::vector<TableSize> &tables) {
                std::vector<api::TableSize> out;
                out.reserve(tables.size());
                for (const TableSize &table : tables)
                    out.push_back({.name = table.table, .rows = table.rows, .bytes = table.bytes});
                return api::QueryReply(out);
            }));
        });
    }
    static Async<std::vector<api::CheckItem>> doctor(Node &node, api::RunDoctor q)
    {
        auto agents = co_await node.m_runtimeDesk.checks();
        if (!agents)
            co_return std::unexpected(agents.error());
        const auto accounts = co_await node.m_accounts.checks();
        const auto places = co_await node.m_keys.checks();
        if (!places)
            co_return std::unexpected(places.error());
        const auto keys = co_await node.m_credentials.checks();
        if (!keys)
            co_return std::unexpected(keys.error());
        if (!accounts)
            co_return std::unexpected(accounts.error());
        agents->insert(agents->end(), places->begin(), places->end());
        agents->insert(agents->end(), keys->begin(), keys->end());
        agents->insert(agents->end(), accounts->begin(), accounts->end());
        const auto servers = co_await node.m_mcpServers.checks();
        if (!servers)
            co_return std::unexpected(servers.error());
        agents->insert(agents->end(), servers->begin(), servers->end());
        co_return co_await runDoctor({.paths = node.m_options.paths,
                                      .binFolder = node.m_options.binFolder,
                                      .agents = *agents,
                                      .containment = enumName(node.m_launcher.bestContainment()),
                                      .durability = enumName(node.m_store->options().durability),
                                      .sqlite = sqliteVersion()},
                                     node.m_git, q.project);
    }

    static Async<std::vector<api::SettingInfo>> settings(Node &node, QString path)
    {
        const auto project = co_await node.m_projects.open(path);
        if (!project)
            co_return std::unexpected(project.error());
        const auto said = co_await settingsOf(project->info.root, project->trusted);
        if (!said)
            co_return std::unexpected(said.error());
        co_return node.m_settings.list(said->values());
    }

    static Async<std::vector<api::ProjectInfo>> projects(Node &node)
    {
        const auto rows = co_await resultOf(
            node.m_ledger.readAsync([](Connection &db) { return ProjectRepository(db).list(); }));
        if (!rows)
            co_return std::unexpected(rows.error());
        std::vector<api::ProjectInfo> out;
        for (const ProjectRow &row : *rows) {
            const auto info = co_await resultOf(onPool([path = row.path] { return detectProject(path); }));
            if (info)
                out.push_back(infoOf({.row = row, .info = *info, .trusted = row.trustedMs.has_value()}));
            else // gone from the disk: still named, so that it can be found out
                out.push_back({.id = row.id, .path = row.path, .name = row.name, .lastUsedAt = row.openedMs});
        }
        co_return out;
    }

    static Async<FlowLibrary> library(Node &node, QString path)
    {
        if (path.isEmpty())
            co_return FlowLibrary({}, node.m_options.paths.configDir, false);
        const auto project = co_await node.m_projects.open(path);
        if (!project)
            co_return std::unexpected(project.error());
        co_return FlowLibrary(project->info.root, node.m_options.paths.configDir, project->trusted);
    }

    static Async<std::vector<api::FlowInfo>> flows(Node &node, api::ListFlows q)
    {
        const auto found = co_await library(node, q.project);
        if (!found)
            co_return std::unexpected(found.error());
        co_return co_await resultOf(
            onPool([lib = *found]() -> Result<std::vector<api::FlowInfo>> { return lib.list(); }));
    }

    // Names do nothing, so a project need not be trusted for them, and is not opened by being looked at.
    static Async<QStringList> profiles(Node &node, api::ListProfiles q)
    {
        const FlowLibrary library(q.project, node.m_options.paths.configDir, true);
        co_return co_await resultOf(
            onPool([library]() -> Result<QStringList> { return library.profiles(); }));
    }

    static Async<std::vector<api::SkillInfo>> skills(Node &node, api::ListSkills q)
    {
        const auto found = co_await library(node, q.project);
        if (!found)
            co_return std::unexpected(found.error());
        co_return co_await resultOf(onPool([lib = *found, name = q.name] { return lib.skills(name); }));
    }

    static Async<api::FlowCheckInfo> check(Node &node, api::CheckFlow q)
    {
        const auto found = co_await library(node, q.project);
        if (!found)
            co_return std::unexpected(found.error());
        co_return co_await resultOf(onPool([lib = *found, q]() -> Result<api::FlowCheckInfo> {
            if (!q.text.isEmpty())
                return checkInfo(lib.check(q.text.toUtf8(), q.flow));
            return lib.load(q.flow).transform(checkInfo);
        }));
    }

    static Async<api::FlowTextInfo> flowText(Node &node, api::ReadFlow q)
    {
        FlowPlaces places{.projectRoot = {}, .personFolder = node.m_options.paths.configDir};
        if (!q.project.isEmpty()) {
            const auto project = co_await node.m_projects.open(q.project);
            if (!project)
                co_return std::unexpected(project.error());
            places.projectRoot = project->info.root;
        }
        co_return co_await resultOf(onPool([places, flow = q.flow] { return readFlowText(places, flow); }));
    }

    static Async<api::RunDetail> run(Node &node, api::GetRun q)
    {
        auto detail = co_await resultOf(
            node.m_ledger.readAsync([id = q.run](Connection &db) { return queries::run(db, id); }));
        if (!detail)
            co_return detail;
        const auto rows = co_await resultOf(node.m_ledger.readAsync(
            [id = q.run](Connection &db) { return WorktreeRepository(db).ofRun(id); }));
        if (rows) {
            if (const auto described = co_await node.m_changes.describe(*rows))
                detail->worktrees = *described;
        }
        co_return detail;
    }

    static Async<std::vector<api::WorktreeInfo>> worktrees(Node &node, api::ListWorktrees q)
    {
        const auto rows = co_await resultOf(
            node.m_ledger.readAsync([q](Connection &db) { return queries::worktreeRows(db, q); }));
        if (!rows)
            co_return std::unexpected(rows.error());
        co_return co_await node.m_changes.describe(*rows);
    }
};

// What an agent looks at is told with its session. Every client begins with the status.
void Node::noteAgent(const Caller &caller, const api::Query &query)
{
    if (std::holds_alternative<api::GetStatus>(query) || m_stopping)
        return;
    m_ledger.commit(this, [caller, name = nameOf(query)](Connection &db, EventBatch &log) -> Status {
        const auto origin = originOf(db, caller);
        if (!origin)
            return std::unexpected(origin.error());
        QJsonObject data = toJsonObjectOf(*origin);
        data.insert(u"query"_s, name);
        log.add(u"agent.asked"_s, origin->refs, origin->by, data);
        return {};
    });
}

void Node::query(const Caller &caller, const api::Query &query, QueryCallback done)
{
    done = withoutSecrets(std::move(done));
    const bool isOfKeys =
        std::holds_alternative<api::ListSecrets>(query) || std::holds_alternative<api::GetKeyStore>(query);
    if (caller.role == Caller::Role::Agent && isOfKeys) {
        done(fail(ErrorCode::PermissionDenied, u"agent"_s, caller.name));
        return;
    }
    if (caller.role == Caller::Role::Agent)
        noteAgent(caller, query);
    std::visit(QueryHandler{*this, std::move(done)}, query);
}

} // namespace muster
