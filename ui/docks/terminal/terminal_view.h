// TerminalView: one terminal: the widget, its channel, and the guards around typing and pasting. The widget
// never starts a program of its own (teletype mode) and never sees an unfiltered byte. GUI thread.
#pragma once

#include "ui/docks/terminal/terminal_channel.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QTermWidget;

namespace muster {

class TerminalView final : public QWidget {
    Q_OBJECT

public:
    TerminalView(const TerminalFactory &factory, const QString &folder, QWidget *parent = nullptr);

    [[nodiscard]] const QString &folder() const { return m_folder; }
    [[nodiscard]] bool isRunning() const { return m_running; }

    [[nodiscard]] QStringList programs() const { return m_channel->programs(); }

    void copySelection();
    void paste();
    void pasteText(const QString &text);
    void toggleSearch();
    void applyTheme();
    void zoom(int steps);

signals:
    void ended();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void guardDisplay();
    void onTyped(const char *typed, int length);
    void sendPaste(const QString &text);
    void askAboutPaste(const QString &text);
    void followSize();
    void onEnded(int exitCode, int signal);
    void showNotice(const QString &text);

    QString m_folder;
    QTermWidget *m_terminal;
    TerminalChannel *m_channel;
    QLabel *m_notice;
    QTimer m_sizeSoon;
    int m_rows = 0;
    int m_columns = 0;
    bool m_started = false;
    bool m_running = false;
};

// What the widget says the person typed, cleaned of a paste that the widget wrapped by itself (its own
// clipboard shortcuts, drops, middle click): the inside of a bracket is sanitised and bracketed again.
[[nodiscard]] QByteArray cleanTyped(const QByteArray &typed);

} // namespace muster
