#include "core/protocol/codex/codex_items.h"

#include <QDir>
#include <QJsonArray>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype maxPaths = 256;
constexpr qsizetype maxTracked = 16384; // items and files of one turn

ToolOutcome outcomeOf(const QString &status)
{
    if (status == "declined"_L1)
        return ToolOutcome::Declined;
    return status == "failed"_L1 ? ToolOutcome::Failed : ToolOutcome::Ok;
}

QString joined(const QJsonValue &parts)
{
    QStringList texts;
    const QJsonArray items = parts.toArray();
    for (const auto &part : items)
        texts.append(part.isString() ? part.toString() : part["text"_L1].toString());
    return texts.join(u'\n');
}

QString commandTitle(const QJsonObject &item)
{
    QStringList commands;
    const QJsonArray actions = item.value("commandActions"_L1).toArray();
    for (const auto &action : actions)
        commands.append(action["command"_L1].toString());
    return commands.isEmpty() ? item.value("command"_L1).toString() : commands.join(u"; "_s);
}

ToolStarted fileChangeTool(const QJsonObject &item)
{
    ToolStarted tool;
    QJsonArray told;
    const QJsonArray changes = item.value("changes"_L1).toArray();
    bool onlyDeletes = !changes.isEmpty();
    for (qsizetype i = 0; i < std::min(changes.size(), maxPaths); ++i) {
        const QJsonObject change = changes.at(i).toObject();
        const QJsonValue kind = change.value("kind"_L1)["type"_L1];
        onlyDeletes = onlyDeletes && kind.toString() == "delete"_L1;
        for (const QJsonValue &path : {change.value("path"_L1), change.value("kind"_L1)["move_path"_L1]}) {
            if (!path.toString().isEmpty())
                tool.paths.append(path.toString());
        }
        told.append(QJsonObject{{"path"_L1, change.value("path"_L1)}, {"kind"_L1, kind}});
    }
    tool.kind = onlyDeletes ? ToolKind::Delete : ToolKind::Edit;
    tool.title = tool.paths.join(u", "_s);
    tool.input = {{"changes"_L1, told}};
    return tool;
}

QString diffOfChanges(const QJsonArray &changes)
{
    QString diff;
    for (const auto &change : changes) {
        const QString path = change["path"_L1].toString();
        const QString kind = change["kind"_L1]["type"_L1].toString();
        QString body = change["diff"_L1].toString();
        // A new or a deleted file comes as its content, not as a diff.
        if (kind == "add"_L1 || kind == "delete"_L1) {
            const QChar sign = kind == "add"_L1 ? u'+' : u'-';
            const bool ended = body.endsWith(u'\n');
            body = sign + body.chopped(ended ? 1 : 0).replace(u'\n', QString(u'\n') + sign);
        }
        diff +=
            u"--- "_s + path + u"\n+++ "_s + path + u'\n' + body + (body.endsWith(u'\n') ? u""_s : u"\n"_s);
    }
    return diff;
}

bool isQuiet(const QString &type)
{
    static const QSet<QString> quiet{u"userMessage"_s,      u"hookPrompt"_s,        u"functionCallOutput"_s,
                                     u"subAgentActivity"_s, u"enteredReviewMode"_s, u"exitedReviewMode"_s,
                                     u"contextCompaction"_s};
    return quiet.contains(type);
}

} // namespace

std::optional<ToolStarted> codexTool(const QJsonObject &item)
{
    const QString type = item.value("type"_L1).toString();
    ToolStarted tool;
    if (type == "commandExecution"_L1)
        tool = {.title = commandTitle(item),
                .kind = ToolKind::Execute,
                .input = {{"command"_L1, item.value("command"_L1)}, {"cwd"_L1, item.value("cwd"_L1)}}};
    else if (type == "fileChange"_L1)
        tool = fileChangeTool(item);
    else if (type == "mcpToolCall"_L1)
        tool = {.title = item.value("server"_L1).toString() + u'.' + item.value("tool"_L1).toString(),
                .input = item.value("arguments"_L1).toObject()};
    else if (type == "dynamicToolCall"_L1)
        tool = {.title = item.value("tool"_L1).toString(), .input = item.value("arguments"_L1).toObject()};
    else if (type == "collabAgentToolCall"_L1)
        tool = {.title = item.value("tool"_L1).toString(), .input = {{"prompt"_L1, item.value("prompt"_L1)}}};
    else if (type == "webSearch"_L1)
        tool = {.title = item.value("query"_L1).toString(), .kind = ToolKind::Fetch};
    else if (type == "imageView"_L1)
        tool = {.title = item.value("path"_L1).toString(),
                .kind = ToolKind::Read,
                .paths = {item.value("path"_L1).toString()}};
    else if (type == "imageGeneration"_L1 || type == "sleep"_L1)
        tool = {.title = type};
    else
        return std::nullopt;
    tool.toolId = item.value("id"_L1).toString();
    return tool;
}

CodexItems::CodexItems(ProtocolSink &sink, ToolTable &tools)
    : m_sink(sink)
    , m_tools(tools)
{
}

void CodexItems::turnStarted()
{
    m_told.clear();
    m_diffs.clear();
    m_changed.clear();
}

void CodexItems::started(const QJsonObject &item)
{
    const auto tool = codexTool(item);
    if (!tool)
        return;
    if (const QJsonArray changes = item.value("changes"_L1).toArray();
        !changes.isEmpty() && m_diffs.size() < maxTracked)
        m_diffs.insert(tool->toolId, diffOfChanges(changes));
    m_tools.start(*tool);
}

bool CodexItems::completed(const QJsonObject &item)
{
    const QString type = item.value("type"_L1).toString();
    const QString id = item.value("id"_L1).toString();
    if (type == "agentMessage"_L1 || type == "plan"_L1) {
        completeText(id, item.value("text"_L1).toString());
        return true;
    }
    if (type == "reasoning"_L1) {
        QString text = joined(item.value("summary"_L1));
        if (text.isEmpty())
            text = joined(item.value("content"_L1));
        if (!m_told.contains(id) && !text.isEmpty())
            thinkingDelta(id, text);
        return true;
    }
    if (!codexTool(item))
        return isQuiet(type);
    started(item); // some come only when they are done
    m_tools.wholeOutput(id, item.value("aggregatedOutput"_L1).toString());
    const ToolOutcome outcome = outcomeOf(item.value("status"_L1).toString());
    if (const ToolStarted *tool = m_tools.find(id); tool && outcome == ToolOutcome::Ok) {
        for (const QString &path : tool->paths)
            m_changed.insert(path);
    }
    m_tools.finish(id, outcome);
    m_diffs.remove(id);
    return true;
}

void CodexItems::textDelta(const QString &itemId, const QString &delta)
{
    if (itemId.isEmpty() || delta.isEmpty())
        return;
    if (m_told.size() < maxTracked || m_told.contains(itemId))
        m_told[itemId] += delta.size();
    m_sink.happened(TextDelta{.messageId = itemId, .text = delta});
}

void CodexItems::thinkingDelta(const QString &itemId, const QString &delta)
{
    if (itemId.isEmpty() || delta.isEmpty())
        return;
    if (m_told.size() < maxTracked || m_told.contains(itemId))
        m_told[itemId] += delta.size();
    m_sink.happened(ThinkingDelta{.messageId = itemId, .text = delta});
}

void CodexItems::completeText(const QString &itemId, const QString &text)
{
    const qsizetype told = m_told.value(itemId);
    if (told < text.size())
        textDelta(itemId, text.sliced(told));
}

void CodexItems::diff(const QString &unified, const QString &workingDir)
{
    constexpr QStringView header = u"+++ b/";
    for (const QStringView line : QStringView(unified).tokenize(u'\n')) {
        if (line.startsWith(header))
            fileChanged(QDir(workingDir).filePath(line.sliced(header.size()).toString()));
    }
}

void CodexItems::fileChanged(const QString &path)
{
    if (m_changed.contains(path) || m_changed.size() >= maxTracked)
        return;
    m_changed.insert(path);
    m_sink.happened(FileChanged{path});
}

} // namespace muster
