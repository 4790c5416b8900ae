#include "app/hub_agent/turn/live_output.h"

#include "app/hub_agent/serve/updates.h"
#include "core/base/async.h"

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace muster::hub {

namespace {

constexpr size_t mostOpen = 256; // tools; beyond, the oldest are left to the end of the turn

QString lastLine(const QByteArray &text)
{
    return QString::fromUtf8(text.trimmed().split('\n').last().left(1024));
}

} // namespace

LiveOutput::LiveOutput(QString turnName, const QString &prompt, int earlier, Update update)
    : m_name(std::move(turnName))
    , m_update(std::move(update))
    , m_screen(prompt, earlier, [this](const PaseoEvent &event) { take(event); })
{
    connect(m_process.get(), &HubProcess::said, this, &LiveOutput::feed);
}

LiveOutput::~LiveOutput() { HubProcess::endAndDelete(std::move(m_process)); }

void LiveOutput::start(const QString &program, const QString &agent, const QString &folder)
{
    onResult(m_process->start(program, {u"attach"_s, u"--"_s, agent}, folder, 0ms), this,
             [this](const Result<HubOutput> &ended) {
        if (m_isStopped)
            return;
        m_screen.end();
        if (!ended)
            m_update(warningUpdate(u"no_live_output"_s, ended.error().detail));
        else if (ended->exitCode != 0)
            m_update(warningUpdate(u"no_live_output"_s, lastLine(ended->err)));
    });
}

void LiveOutput::stop()
{
    m_isStopped = true;
    m_process->stop();
}

QString LiveOutput::messageId() const { return u"%1.%2"_s.arg(m_name).arg(m_messages); }

void LiveOutput::take(const PaseoEvent &event)
{
    if (m_isStopped)
        return;
    if (const auto *text = std::get_if<PaseoText>(&event)) {
        if (!std::exchange(m_inMessage, true))
            ++m_messages;
        m_update(textUpdate(m_isCertain ? u"agent_message_chunk"_s : u"agent_thought_chunk"_s, messageId(),
                            text->text));
        if (m_isCertain)
            m_told += text->text;
        return;
    }
    m_inMessage = false;
    if (const auto *thought = std::get_if<PaseoThought>(&event)) {
        m_isCertain = false;
        m_update(textUpdate(u"agent_thought_chunk"_s, m_name + u".r", thought->text));
    } else if (const auto *tool = std::get_if<PaseoTool>(&event)) {
        takeTool(*tool);
    } else if (const auto *notice = std::get_if<PaseoNotice>(&event);
               notice && notice->text.startsWith("[User] "_L1)) {
        m_update(warningUpdate(u"asked_elsewhere"_s, notice->text));
    }
}

// The hub tells no ids, and of a quick one only how it ended.
void LiveOutput::takeTool(const PaseoTool &tool)
{
    const bool failed = tool.status == u"failed" || tool.status == u"canceled";
    const bool isOver = failed || tool.status == u"completed";
    auto open = std::ranges::find(m_open, tool.name, &OpenTool::name);
    if (open == m_open.end() || !isOver) {
        const QString id = u"%1.t%2"_s.arg(m_name).arg(++m_tools);
        m_update(toolCall(id, tool.name));
        if (m_open.size() == mostOpen)
            m_open.erase(m_open.begin());
        open = m_open.insert(m_open.end(), {.id = id, .name = tool.name});
    }
    if (!isOver)
        return;
    m_update(toolUpdate(open->id, failed ? u"failed"_s : u"completed"_s));
    m_open.erase(open);
}

} // namespace muster::hub
