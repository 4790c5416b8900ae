// TreeEnder: ends what closed terminals leave behind: hung up at first, as by any terminal that goes, and
// killed when it does not heed that. Terminal thread.
#pragma once

#include "app/terminal/shell_jobs.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace muster {

class TreeEnder final : public QObject {
    Q_OBJECT

public:
    TreeEnder();

    // Before the shell itself is ended: then it still says who descends from it.
    void end(const ProcessIdentity &shell);
    // Calls `done` when nothing is left, at the latest after the grace.
    void finish(std::function<void()> done);

private:
    struct Tree {
        ProcessIdentity shell;
        QList<ProcessIdentity> members;
        int looks = 0;
    };

    void look();

    QList<Tree> m_trees;
    QTimer m_again;
    std::function<void()> m_done;
};

} // namespace muster
