#include "core/protocol/acp/acp_tools.h"

#include <optional>

namespace muster {

using namespace Qt::StringLiterals;

namespace {

// Beyond these an agent is broken or hostile; what comes after is left out.
constexpr qsizetype maxOpen = 1024;
constexpr qsizetype maxFinished = 16384;
constexpr qsizetype maxPaths = 256;

QStringList pathsOf(const QJsonArray &items, QLatin1StringView onlyType = {})
{
    QStringList paths;
    for (qsizetype i = 0; i < items.size() && paths.size() < maxPaths; ++i) {
        const QJsonObject item = items.at(i).toObject();
        const QString path = item.value("path"_L1).toString();
        const bool wanted = onlyType.isEmpty() || item.value("type"_L1).toString() == onlyType;
        if (wanted && !path.isEmpty() && !paths.contains(path))
            paths.append(path);
    }
    return paths;
}

std::optional<QString> contentText(const QJsonObject &json)
{
    if (const QJsonValue content = json.value("content"_L1); content.isArray()) {
        const QJsonArray items = content.toArray();
        QStringList texts;
        for (const auto &item : items) {
            const QJsonValue text = item["content"_L1]["text"_L1];
            if (text.isString())
                texts.append(text.toString());
        }
        if (!texts.isEmpty())
            return texts.join(u'\n');
    }
    return std::nullopt;
}

std::optional<QString> rawOutputText(const QJsonObject &json)
{
    const QJsonValue raw = json.value("rawOutput"_L1);
    for (const QJsonValue &found : {raw, raw["output"_L1], raw["content"_L1]}) {
        if (found.isString() && !found.toString().isEmpty())
            return found.toString();
    }
    return std::nullopt;
}

std::optional<QString> outputDelta(const QJsonObject &json)
{
    const QJsonObject meta = json.value("_meta"_L1).toObject();
    for (const QLatin1StringView key : {"terminal_output_delta"_L1, "terminal_output"_L1}) {
        const QJsonValue found = meta.value(key);
        QString text = found.isString() ? found.toString() : found["data"_L1].toString();
        if (!text.isEmpty())
            return text;
    }
    return std::nullopt;
}

bool changesFiles(ToolKind kind)
{
    return kind == ToolKind::Edit || kind == ToolKind::Delete || kind == ToolKind::Move;
}

} // namespace

ToolKind acpToolKind(const QString &kind)
{
    const ToolKind known = enumFromName<ToolKind>(kind).value_or(ToolKind::Other);
    return known == ToolKind::StartFlow ? ToolKind::Other : known; // a word of ours, not of the protocol
}

AcpTools::Events AcpTools::update(const QJsonObject &call) { return apply(call, false); }

AcpTools::Events AcpTools::updateForPermission(const QJsonObject &call) { return apply(call, true); }

AcpTools::Events AcpTools::apply(const QJsonObject &json, bool startNow)
{
    Events events;
    const QString id = json.value("toolCallId"_L1).toString();
    if (id.isEmpty() || m_finished.contains(id))
        return events;
    if (!m_open.contains(id)) {
        if (m_open.size() >= maxOpen)
            return events;
        m_open[id].info.toolId = id;
        m_order.append(id);
    }
    Call &call = m_open[id];
    merge(call, json);
    const QString status = json.value("status"_L1).toString();
    const bool known = !call.info.paths.isEmpty() || !call.info.input.isEmpty();
    const bool begun = !status.isEmpty() && status != "pending"_L1;
    if (startNow || known || begun)
        start(call, events);
    if (call.started)
        output(call, json, events);
    if (status == "completed"_L1)
        finish(id, ToolOutcome::Ok, events);
    else if (status == "failed"_L1)
        finish(id, call.declined ? ToolOutcome::Declined : ToolOutcome::Failed, events);
    return events;
}

void AcpTools::merge(Call &call, const QJsonObject &json) const
{
    if (const QString title = json.value("title"_L1).toString(); !title.isEmpty())
        call.info.title = title;
    if (const QString kind = json.value("kind"_L1).toString(); !kind.isEmpty())
        call.info.kind = acpToolKind(kind);
    if (const QJsonObject input = json.value("rawInput"_L1).toObject(); !input.isEmpty())
        call.info.input = input;
    const QStringList diffs = pathsOf(json.value("content"_L1).toArray(), "diff"_L1);
    for (const QString &path : diffs + pathsOf(json.value("locations"_L1).toArray())) {
        if (!call.info.paths.contains(path) && call.info.paths.size() < maxPaths)
            call.info.paths.append(path);
    }
    if (!diffs.isEmpty()) {
        call.diffPaths = diffs;
        call.diffContent = json.value("content"_L1).toArray();
    }
}

void AcpTools::start(Call &call, Events &events) const
{
    if (call.started)
        return;
    call.started = true;
    events.emplace_back(call.info);
}

void AcpTools::output(Call &call, const QJsonObject &json, Events &events) const
{
    if (const auto delta = outputDelta(json))
        events.emplace_back(ToolOutput{.toolId = call.info.toolId, .text = *delta, .replaces = false});
    auto text = contentText(json);
    if (!text && call.outputSize == 0)
        text = rawOutputText(json);
    if (!text || text->isEmpty())
        return;
    const bool grew = text->size() >= call.outputSize &&
                      qHash(QStringView(*text).first(call.outputSize)) == call.outputHash;
    const bool first = call.outputSize == 0;
    const qsizetype known = first || !grew ? 0 : call.outputSize;
    call.outputSize = text->size();
    call.outputHash = qHash(QStringView(*text));
    if (known == text->size())
        return;
    events.emplace_back(
        ToolOutput{.toolId = call.info.toolId, .text = text->sliced(known), .replaces = !first && !grew});
}

void AcpTools::finish(const QString &toolId, ToolOutcome outcome, Events &events)
{
    Call call = m_open.take(toolId);
    m_order.removeOne(toolId);
    if (m_finished.size() >= maxFinished)
        m_finished.clear();
    m_finished.insert(toolId);
    start(call, events);
    events.emplace_back(ToolFinished{.toolId = toolId, .outcome = outcome});
    if (outcome != ToolOutcome::Ok || !changesFiles(call.info.kind))
        return;
    for (const QString &path : std::as_const(call.diffPaths.isEmpty() ? call.info.paths : call.diffPaths))
        events.emplace_back(FileChanged{path});
}

void AcpTools::declined(const QString &toolId)
{
    if (const auto found = m_open.find(toolId); found != m_open.end())
        found->declined = true;
}

AcpTools::Events AcpTools::closeAll(TurnOutcome outcome)
{
    Events events;
    const QStringList ids = m_order;
    for (const QString &id : ids) {
        const bool declined = m_open.value(id).declined;
        const ToolOutcome unfinished =
            outcome == TurnOutcome::Completed ? ToolOutcome::Ok : ToolOutcome::Cancelled;
        finish(id, declined ? ToolOutcome::Declined : unfinished, events);
    }
    return events;
}

const ToolStarted *AcpTools::find(const QString &toolId) const
{
    const auto found = m_open.constFind(toolId);
    return found == m_open.cend() ? nullptr : &found->info;
}

QJsonArray AcpTools::diffContent(const QString &toolId) const { return m_open.value(toolId).diffContent; }

} // namespace muster
