// EventMask: one session's events with the registered secrets masked in what comes in pieces (text, thinking,
// output of tools), also where one is split between two of them: the end of a piece that may begin one waits
// for the next, for another message, a tool, or the end of the turn. All other events pass as they are: a
// permission is decided on what would really be done, and what is recorded of events the Ledger masks. Core
// thread.
#pragma once

#include "core/base/stream_redactor.h"
#include "core/events/session_event.h"

#include <QHash>

#include <vector>

namespace muster {

class EventMask {
public:
    // What can be told now, in order.
    [[nodiscard]] std::vector<SessionEvent> take(const SessionEvent &event);

private:
    struct Voice {
        QString messageId;
        StreamRedactor text;
    };

    template <typename Delta> void say(Voice &voice, const Delta &delta);
    template <typename Delta> void finish(Voice &voice);
    void addOutput(const ToolOutput &output);
    void finishTool(const QString &toolId);
    void finishAll();

    Voice m_text;
    Voice m_thinking;
    QHash<QString, StreamRedactor> m_tools;
    std::vector<SessionEvent> m_out;
};

} // namespace muster
