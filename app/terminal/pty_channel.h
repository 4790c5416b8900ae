// Terminals on this machine: shells on pseudo-terminals, run on a thread of their own so that a flood in one
// never holds up the window. Made by the composition. The host is used on the GUI thread.
#pragma once

#include "ui/docks/terminal/terminal_channel.h"

#include <QThread>

namespace muster {

class TreeEnder;

// Owns the thread on which all shells of this process live. Must outlive the channels it makes.
class PtyTerminalHost final : public QObject {
    Q_OBJECT

public:
    explicit PtyTerminalHost(QObject *parent = nullptr);
    ~PtyTerminalHost() override; // waits until what ran in them has ended: a second or two at most
    Q_DISABLE_COPY_MOVE(PtyTerminalHost)

    [[nodiscard]] TerminalFactory factory();

private:
    QThread m_thread;
    TreeEnder *m_ender; // deleted on its thread
};

} // namespace muster
