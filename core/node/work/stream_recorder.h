// StreamRecorder: what sessions and commands say while they work, on two ways: to the subscribers at once
// (coalesced to 16 ms), and to the store in merged chunks at least every 250 ms. One write is under way at a
// time, and of bounded size, so that nothing else waits long behind a flood; meanwhile the chunks grow, and
// whoever says more than the store takes is to be held back (unwritten()). finish() writes what is left and
// answers after the commit. Core thread.
#pragma once

#include "core/node/events/ledger.h"
#include "core/store/stream_repository.h"

#include <QHash>
#include <QObject>
#include <QTimer>

namespace muster {

class StreamRecorder final : public QObject {
    Q_OBJECT
public:
    explicit StreamRecorder(Ledger &ledger, QObject *parent = nullptr);

    struct Source {
        TaskId task;
        EventRefs refs;
    };

    // `replaces`: of this message, what was said before does not count any more.
    void add(const Source &source, StreamChannel channel, const QString &messageKey, const QString &said,
             bool replaces = false);
    // This many units of the channel are in the store already, written by an earlier node.
    void resume(TaskId task, StreamChannel channel, qint64 units);
    // Everything of this task that was added is committed (or could not be).
    void finish(TaskId task, std::function<void()> done);
    // How much of it was added and is not committed yet, in UTF-16 units.
    [[nodiscard]] qint64 unwritten(TaskId task) const { return m_unwritten.value(task.value); }

signals:
    void written(); // after each commit

private:
    struct Piece {
        Source source;
        StreamChannel channel = StreamChannel::Text;
        QString messageKey;
        qint64 offset = 0; // of the unwritten text in the channel
        bool replaces = false;
        QString unshown;
        QString unwritten;
    };

    // Of a write: how much of which task.
    using Taken = QHash<qint64, qint64>;

    void show();
    void write();
    [[nodiscard]] std::vector<StreamChunk> takeChunks(Taken &taken);
    void wrote(const Taken &taken);
    void answerFinished();

    Ledger &m_ledger;
    std::vector<Piece> m_pieces;                     // in the order in which they began
    QHash<std::pair<qint64, int>, qint64> m_offsets; // (task, channel) → next offset
    Taken m_unwritten;
    std::vector<std::pair<TaskId, std::function<void()>>> m_finishing;
    bool m_writing = false;
    bool m_writeAgain = false; // something is due that came while a write was under way
    QTimer m_showTimer;
    QTimer m_writeTimer;
};

} // namespace muster
