#include "core/node/work/event_mask.h"

namespace muster {

template <typename Delta> void EventMask::say(Voice &voice, const Delta &delta)
{
    if (voice.messageId != delta.messageId)
        finish<Delta>(voice);
    voice.messageId = delta.messageId;
    if (const QString told = voice.text.add(delta.text); !told.isEmpty())
        m_out.push_back(Delta{delta.messageId, told});
}

template <typename Delta> void EventMask::finish(Voice &voice)
{
    if (const QString rest = voice.text.finish(); !rest.isEmpty())
        m_out.push_back(Delta{voice.messageId, rest});
}

void EventMask::addOutput(const ToolOutput &output)
{
    if (output.replaces)
        m_tools.remove(output.toolId);
    const QString told = m_tools[output.toolId].add(output.text);
    if (!told.isEmpty() || output.replaces)
        m_out.emplace_back(ToolOutput{.toolId = output.toolId, .text = told, .replaces = output.replaces});
}

void EventMask::finishTool(const QString &toolId)
{
    const auto tool = m_tools.find(toolId);
    if (tool == m_tools.end())
        return;
    if (const QString rest = tool->finish(); !rest.isEmpty())
        m_out.emplace_back(ToolOutput{.toolId = toolId, .text = rest});
    m_tools.erase(tool);
}

void EventMask::finishAll()
{
    finish<TextDelta>(m_text);
    finish<ThinkingDelta>(m_thinking);
    const QStringList tools = m_tools.keys();
    for (const QString &toolId : tools)
        finishTool(toolId);
}

std::vector<SessionEvent> EventMask::take(const SessionEvent &event)
{
    if (const auto *text = std::get_if<TextDelta>(&event)) {
        say(m_text, *text);
    } else if (const auto *thinking = std::get_if<ThinkingDelta>(&event)) {
        say(m_thinking, *thinking);
    } else if (const auto *output = std::get_if<ToolOutput>(&event)) {
        addOutput(*output);
    } else {
        if (const auto *done = std::get_if<ToolFinished>(&event))
            finishTool(done->toolId);
        if (std::holds_alternative<ToolStarted>(event)) { // stands where the text is by now
            finish<TextDelta>(m_text);
            finish<ThinkingDelta>(m_thinking);
        }
        if (std::holds_alternative<TurnFinished>(event) || std::holds_alternative<SessionEnded>(event))
            finishAll();
        m_out.push_back(event);
    }
    return std::exchange(m_out, {});
}

} // namespace muster
