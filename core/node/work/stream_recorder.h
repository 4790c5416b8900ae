// StreamRecorder: what sessions and commands say while they work, on two ways: to the subscribers at once
// (coalesced to 16 ms), and to the store in merged chunks at least every 250 ms. finish() writes what is left
// and answers after the commit. Core thread.
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

    void show();
    void write();
    void writePieces(std::function<void()> done);

    Ledger &m_ledger;
    std::vector<Piece> m_pieces;                     // in the order in which they began
    QHash<std::pair<qint64, int>, qint64> m_offsets; // (task, channel) → next offset
    QTimer m_showTimer;
    QTimer m_writeTimer;
};

} // namespace muster
