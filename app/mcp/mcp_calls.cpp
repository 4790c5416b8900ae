#include "app/mcp/mcp_calls.h"

#include "app/cli/json_output.h"
#include "app/mcp/mcp_tools.h"
#include "core/base/json_codec.h"
#include "core/node/api/value_fields.h"
#include "core/viewmodel/describe.h"

#include <QDir>

#include <algorithm>

namespace muster::app {

using namespace Qt::StringLiterals;

namespace {

constexpr int usualRuns = 20;
constexpr int usualTasks = 50;
constexpr qsizetype mostSteps = 200;

template <typename T> QJsonArray plainList(const std::vector<T> &items)
{
    QJsonArray array;
    for (const T &item : items)
        array.append(toJsonObject(item));
    return array;
}

template <typename Id> Id idIn(const QJsonObject &arguments, const QString &name)
{
    return Id{arguments.value(name).toInteger()};
}

QJsonObject statusJson(const api::NodeStatus &status)
{
    QJsonObject json = toJsonObject(status);
    for (const QString &ours :
         {u"protocol"_s, u"pid"_s, u"home"_s, u"durability"_s, u"last_seq"_s, u"started_at"_s})
        json.remove(ours);
    return json;
}

QJsonObject projectJson(const api::ProjectInfo &project)
{
    QJsonObject json = toJsonObject(project);
    json.remove(u"last_used_at"_s);
    return json;
}

// What a model reads of a run: no definition, and no more steps than it can take in.
QJsonObject detailJson(const api::RunDetail &detail)
{
    QJsonObject json = runDetailJson(detail);
    json.remove(u"definition"_s);
    QJsonArray steps = json.value(u"steps"_s).toArray();
    while (steps.size() > mostSteps)
        steps.removeLast();
    json.insert(u"steps"_s, steps);
    return json;
}

QJsonObject settingJson(const api::SettingInfo &setting)
{
    QJsonObject json = toJsonObject(setting);
    json.insert(u"may_write"_s, false); // of the agent that asks
    return json;
}

QString textOf(const api::DiffLine &line)
{
    const QString mark = line.kind == "added"_L1     ? u"+"_s
                         : line.kind == "removed"_L1 ? u"-"_s
                         : line.kind == "note"_L1    ? u"\\ "_s
                                                     : u" "_s;
    return mark + line.text;
}

QJsonObject changesJson(const api::ChangesInfo &changes)
{
    QJsonArray files;
    for (const api::FileChange &file : changes.files) {
        QJsonObject json{{u"path"_s, file.path},
                         {u"status"_s, file.status},
                         {u"added"_s, file.added},
                         {u"removed"_s, file.removed},
                         {u"binary"_s, file.binary}};
        if (!file.hunks.empty()) {
            QStringList lines;
            for (const api::DiffHunk &hunk : file.hunks) {
                lines += hunk.header;
                for (const api::DiffLine &line : hunk.lines)
                    lines += textOf(line);
            }
            json.insert(u"diff"_s, lines.join(u'\n'));
            json.insert(u"cut"_s, file.truncated);
        }
        files.append(json);
    }
    QJsonObject json = worktreeJson(changes.worktree);
    json.insert(u"files"_s, files);
    return json;
}

} // namespace

McpCalls::McpCalls(api::NodeApi &node, QString project, QObject *parent)
    : QObject(parent)
    , m_node(node)
    , m_project(std::move(project))
{
}

void McpCalls::call(const QString &tool, const QJsonObject &arguments, const Answer &answer)
{
    const auto &tools = mcpTools();
    const auto found =
        std::ranges::find_if(tools, [&](const McpTool &one) { return tool == QLatin1StringView(one.name); });
    if (found == tools.end())
        answer({.error = u"There is no tool '%1'."_s.arg(tool)});
    else if (const Status fits = checkArguments(found->arguments, arguments); !fits)
        answer({.error = fits.error().detail});
    else
        (this->*found->call)(arguments, answer);
}

QString McpCalls::inWords(const Error &error) { return describe(error); }

QString McpCalls::projectOf(const QJsonObject &arguments) const
{
    const QString given = arguments.value(u"project"_s).toString();
    return given.isEmpty() ? m_project : QDir::cleanPath(QDir(m_project).absoluteFilePath(given));
}

void McpCalls::status(const QJsonObject &, const Answer &answer)
{
    ask(api::GetStatus{}, answer, statusJson);
}

void McpCalls::listProjects(const QJsonObject &, const Answer &answer)
{
    ask(api::ListProjects{}, answer, [](const std::vector<api::ProjectInfo> &projects) {
        return QJsonObject{{u"projects"_s, jsonList(projects, projectJson)}};
    });
}

void McpCalls::listFlows(const QJsonObject &arguments, const Answer &answer)
{
    ask(api::ListFlows{.project = projectOf(arguments)}, answer,
        [](const std::vector<api::FlowInfo> &flows) { return QJsonObject{{u"flows"_s, plainList(flows)}}; });
}

void McpCalls::showFlow(const QJsonObject &arguments, const Answer &answer)
{
    ask(api::CheckFlow{.project = projectOf(arguments), .flow = arguments.value(u"flow"_s).toString()},
        answer, flowCheckJson);
}

void McpCalls::checkFlow(const QJsonObject &arguments, const Answer &answer)
{
    ask(api::CheckFlow{.project = projectOf(arguments),
                       .flow = u"checked.flow.yaml"_s,
                       .text = arguments.value(u"text"_s).toString()},
        answer, flowCheckJson);
}

void McpCalls::listRuns(const QJsonObject &arguments, const Answer &answer)
{
    const bool everywhere = !arguments.contains(u"project"_s);
    ask(api::ListRuns{.project = everywhere ? QString() : projectOf(arguments),
                      .activeOnly = arguments.value(u"active"_s).toBool(),
                      .limit = arguments.value(u"limit"_s).toInt(usualRuns)},
        answer, [](const std::vector<api::RunInfo> &runs) {
        return QJsonObject{{u"runs"_s, jsonList(runs, runJson)}};
    });
}

void McpCalls::showRun(const QJsonObject &arguments, const Answer &answer)
{
    ask(api::GetRun{.run = idIn<RunId>(arguments, u"run"_s)}, answer, detailJson);
}

void McpCalls::listTasks(const QJsonObject &arguments, const Answer &answer)
{
    ask(api::ListTasks{.run = idIn<RunId>(arguments, u"run"_s),
                       .activeOnly = arguments.value(u"active"_s).toBool(),
                       .limit = arguments.value(u"limit"_s).toInt(usualTasks)},
        answer, [](const std::vector<api::TaskInfo> &tasks) {
        return QJsonObject{{u"tasks"_s, jsonList(tasks, taskJson)}};
    });
}

void McpCalls::listRuntimes(const QJsonObject &arguments, const Answer &answer)
{
    ask(api::ListRuntimes{.runtime = arguments.value(u"runtime"_s).toString()}, answer,
        [](const std::vector<api::RuntimeInfo> &runtimes) {
        return QJsonObject{{u"runtimes"_s, jsonList(runtimes, runtimeJson)}};
    });
}

void McpCalls::listSettings(const QJsonObject &, const Answer &answer)
{
    ask(api::ListSettings{}, answer, [](const std::vector<api::SettingInfo> &settings) {
        return QJsonObject{{u"settings"_s, jsonList(settings, settingJson)}};
    });
}

void McpCalls::listInbox(const QJsonObject &arguments, const Answer &answer)
{
    const bool everywhere = !arguments.contains(u"project"_s);
    ask(api::ListInbox{.project = everywhere ? QString() : projectOf(arguments)}, answer,
        [](const std::vector<api::InboxInfo> &items) {
        return QJsonObject{{u"inbox"_s, jsonList(items, inboxJson)}};
    });
}

void McpCalls::listWorktrees(const QJsonObject &arguments, const Answer &answer)
{
    const bool everywhere = !arguments.contains(u"project"_s);
    ask(api::ListWorktrees{.project = everywhere ? QString() : projectOf(arguments),
                           .activeOnly = !arguments.value(u"all"_s).toBool()},
        answer, [](const std::vector<api::WorktreeInfo> &worktrees) {
        return QJsonObject{{u"worktrees"_s, jsonList(worktrees, worktreeJson)}};
    });
}

void McpCalls::showChanges(const QJsonObject &arguments, const Answer &answer)
{
    ask(api::GetChanges{.worktree = idIn<WorktreeId>(arguments, u"worktree"_s),
                        .path = arguments.value(u"path"_s).toString()},
        answer, changesJson);
}

} // namespace muster::app
