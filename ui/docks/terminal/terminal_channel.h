// TerminalChannel: what stands behind a terminal widget: a program on a pseudo-terminal, wherever it runs.
// Its output goes, filtered, straight to the widget's own terminal descriptor, so that nothing of it passes
// through the GUI thread's queues. Called on the GUI thread; works on another; signals arrive on the GUI
// thread.
#pragma once

#include "core/base/error.h"

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

namespace muster {

struct TerminalRequest {
    QString folder;     // where the shell starts
    int displayFd = -1; // the widget's terminal; the channel duplicates it
    int rows = 24;
    int columns = 80;
};

class TerminalChannel : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void start(const TerminalRequest &request) = 0;
    virtual void write(const QByteArray &bytes) = 0;
    virtual void resize(int rows, int columns) = 0;
    // What runs below the shell right now, a command line each; it ends with the channel.
    [[nodiscard]] virtual QStringList programs() const { return {}; }

signals:
    void started();
    void failed(const muster::Error &error);
    // signal: 0 when the program ended by itself.
    void ended(int exitCode, int signal);
};

// Makes a channel owned by `parent`; deleting it hangs up.
using TerminalFactory = std::function<TerminalChannel *(QObject *parent)>;

} // namespace muster
