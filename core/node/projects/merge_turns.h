// MergeTurns: who moves a branch waits for their turn, whichever run, person or process it is, in the order
// in which they came. A place in the queue is a lease in the store, renewed while it is held or waited for;
// those of a process that is proven dead are free at once. Core thread.
#pragma once

#include "core/base/async.h"
#include "core/node/events/ledger.h"
#include "core/store/merge_turn_repository.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <vector>

namespace muster {

class MergeTurns final : public QObject, public AsyncOwner {
    Q_OBJECT
public:
    MergeTurns(Ledger &ledger, QString owner, QObject *parent = nullptr);

    // Ends when it is the turn's time. Conflict{merge_turn}: it was not within `patienceMs`. Cancelled:
    // nobody wants it any more. `wanted` is asked as long as the turn is held too: if it gives false, the
    // turn is given back.
    [[nodiscard]] Async<bool> take(MergeTurn turn, qint64 patienceMs, std::function<bool()> wanted);
    void giveBack(const MergeTurn &turn);

signals:
    void free(); // one was given back in this process

private:
    [[nodiscard]] QFuture<Result<bool>> aMoment();
    void release(const MergeTurn &turn);
    void renew();

    Ledger &m_ledger;
    QString m_owner;
    QTimer m_renewTimer;
    struct Held {
        MergeTurn turn;
        std::function<bool()> wanted;
    };
    std::vector<Held> m_held;
};

} // namespace muster
