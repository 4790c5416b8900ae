// PtyWorker: a shell on a pseudo-terminal whose filtered output goes to the widget's terminal descriptor.
// When the widget is behind, reading from the shell pauses, and the shell waits: nothing piles up. Terminal
// thread.
#pragma once

#include "app/terminal/shell_jobs.h"
#include "core/process/pty_process.h"
#include "core/viewmodel/terminal_filter.h"
#include "ui/docks/terminal/terminal_channel.h"

#include <QSocketNotifier>

#include <memory>

namespace muster {

class TreeEnder;

class PtyWorker final : public QObject {
    Q_OBJECT

public:
    // `ender` outlives it and works on the same thread.
    explicit PtyWorker(TreeEnder *ender);
    ~PtyWorker() override;
    Q_DISABLE_COPY_MOVE(PtyWorker)

    // A close-on-exec copy, or -1. Any thread.
    [[nodiscard]] static int duplicate(int fd);

    void start(const TerminalRequest &request, int displayFd); // takes the descriptor
    void write(const QByteArray &bytes);
    void resize(int rows, int columns);

signals:
    void started(const muster::ProcessIdentity &shell);
    void failed(const muster::Error &error);
    void ended(int exitCode, int signal);

private:
    void onBytes(const QByteArray &bytes);
    void flush();

    TreeEnder *m_ender;
    ProcessIdentity m_shell;
    std::unique_ptr<PtyProcess> m_process;
    std::unique_ptr<QSocketNotifier> m_writable;
    TerminalFilter m_filter;
    QByteArray m_backlog; // filtered, not yet taken by the widget
    int m_displayFd = -1;
};

} // namespace muster
