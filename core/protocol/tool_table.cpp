#include "core/protocol/tool_table.h"

namespace muster {

namespace {

// Beyond these an agent is broken or hostile; what comes after is left out.
constexpr qsizetype maxOpen = 1024;
constexpr qsizetype maxFinished = 16384;

bool changesFiles(ToolKind kind)
{
    return kind == ToolKind::Edit || kind == ToolKind::Delete || kind == ToolKind::Move;
}

} // namespace

ToolTable::ToolTable(ProtocolSink &sink)
    : m_sink(sink)
{
}

void ToolTable::start(const ToolStarted &tool)
{
    if (tool.toolId.isEmpty() || m_open.size() >= maxOpen || m_open.contains(tool.toolId) ||
        m_finished.contains(tool.toolId))
        return;
    m_open.insert(tool.toolId, {.info = tool});
    m_order.append(tool.toolId);
    m_sink.happened(tool);
}

void ToolTable::output(const QString &toolId, const QString &text)
{
    const auto found = m_open.find(toolId);
    if (found == m_open.end() || text.isEmpty())
        return;
    found->inParts = true;
    found->outputSize += text.size();
    m_sink.happened(ToolOutput{.toolId = toolId, .text = text, .replaces = false});
}

void ToolTable::wholeOutput(const QString &toolId, const QString &text)
{
    const auto found = m_open.find(toolId);
    if (found == m_open.end() || text.isEmpty())
        return;
    Call &call = *found;
    if (call.inParts && call.outputSize == text.size())
        return;
    const bool first = call.outputSize == 0;
    const bool grew = !first && !call.inParts && text.size() >= call.outputSize &&
                      qHash(QStringView(text).first(call.outputSize)) == call.outputHash;
    const qsizetype known = grew ? call.outputSize : 0;
    call.outputSize = text.size();
    call.outputHash = qHash(QStringView(text));
    call.inParts = false;
    if (known < text.size())
        m_sink.happened(
            ToolOutput{.toolId = toolId, .text = text.sliced(known), .replaces = !first && !grew});
}

void ToolTable::finish(const QString &toolId, ToolOutcome outcome)
{
    if (!m_open.contains(toolId))
        return;
    const Call call = m_open.take(toolId);
    m_order.removeOne(toolId);
    if (m_finished.size() >= maxFinished)
        m_finished.clear();
    m_finished.insert(toolId);
    const bool refused = call.declined && outcome != ToolOutcome::Ok;
    m_sink.happened(ToolFinished{.toolId = toolId, .outcome = refused ? ToolOutcome::Declined : outcome});
    if (outcome != ToolOutcome::Ok || !changesFiles(call.info.kind))
        return;
    for (const QString &path : call.info.paths)
        m_sink.happened(FileChanged{path});
}

void ToolTable::declined(const QString &toolId)
{
    if (const auto found = m_open.find(toolId); found != m_open.end())
        found->declined = true;
}

void ToolTable::closeAll(TurnOutcome outcome)
{
    const QStringList ids = m_order;
    for (const QString &id : ids) {
        const bool undone = outcome != TurnOutcome::Completed || m_open.value(id).declined;
        finish(id, undone ? ToolOutcome::Cancelled : ToolOutcome::Ok);
    }
}

const ToolStarted *ToolTable::find(const QString &toolId) const
{
    const auto found = m_open.constFind(toolId);
    return found == m_open.cend() ? nullptr : &found->info;
}

} // namespace muster
