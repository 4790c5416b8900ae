// The once-a-second look at all trees: records who descends from which, reaps what re-parented to us, ends
// strays whose tree is gone. Idle (no timer) while there is no tree and no stray. Core thread.
#pragma once

#include "core/process/process_tree.h"

#include <QList>
#include <QObject>
#include <QPointer>
#include <QTimer>

namespace muster {

class TreeSupervisor final : public QObject {
    Q_OBJECT
public:
    explicit TreeSupervisor(QObject *parent = nullptr);

    void add(ProcessTree *tree); // until it is gone or deleted
    [[nodiscard]] QList<ProcessTree *> trees() const;

signals:
    void strayEnded(qint64 pid); // a process that nobody owned any more was killed

private:
    void tick();
    bool endStrays();
    void measure(ProcessTree *tree);

    QList<QPointer<ProcessTree>> m_trees;
    QTimer m_timer;
    bool m_scanning = false;
};

} // namespace muster
