// StdioChannel: bytes from stdin as they come, lines to stdout and nothing else. Main thread.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

namespace muster::app {

class StdioChannel final : public QObject {
    Q_OBJECT
public:
    explicit StdioChannel(QObject *parent);

    // Returns when it is written: a reader that is slow is waited for, as with any pipe.
    void write(const QByteArray &line);
    [[nodiscard]] bool isBroken() const { return m_broken; }

signals:
    void received(const QByteArray &bytes);
    void closed(); // stdin has ended, or nobody reads stdout any more; once

private:
    void onInput();
    void close();

    QSocketNotifier m_input;
    bool m_closed = false;
    bool m_broken = false; // nobody reads
};

} // namespace muster::app
