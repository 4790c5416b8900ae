// Our ends of a child's pipes or pseudo-terminal, on the event loop of their thread. Private to core/process.
#pragma once

#include "core/base/result.h"
#include "core/process/file_descriptor.h"

#include <QByteArray>
#include <QObject>
#include <QSocketNotifier>

#include <memory>

namespace muster {

// Hands on what can be read as it comes; keeps nothing.
class OutputPipe final : public QObject {
    Q_OBJECT
public:
    OutputPipe(FileDescriptor fd, QObject *parent);

    void setPaused(bool paused);
    [[nodiscard]] bool isOpen() const { return m_fd.isOpen(); }
    // Reads what lies in the pipe now and no more: a grandchild may go on writing for ever. False if the
    // consumer paused meanwhile.
    bool drain();
    void close();

signals:
    void bytes(const QByteArray &bytes);
    void closed();

private:
    void readSome();
    bool readChunk(qint64 most, qint64 &got);

    FileDescriptor m_fd;
    QSocketNotifier m_notifier;
    bool m_paused = false;
};

// Queues up to a cap what cannot be written yet.
class InputPipe final : public QObject {
    Q_OBJECT
public:
    InputPipe(FileDescriptor fd, qint64 cap, QObject *parent);

    Status write(const QByteArray &bytes);
    [[nodiscard]] qint64 pending() const { return m_queue.size() - m_offset; }
    void closeWhenWritten();
    void close();

signals:
    void drained();
    void closed();

private:
    void flush();
    void compact();

    FileDescriptor m_fd;
    qint64 m_cap;
    QSocketNotifier m_notifier;
    QByteArray m_queue;
    qsizetype m_offset = 0;
    bool m_closing = false;
};

} // namespace muster
