// RerunMenu: the ways to run a run again. When it opens it asks the node which are possible; the others
// cannot be chosen, and say why. GUI thread.
#pragma once

#include "core/node/api/commands.h"
#include "core/node/api/rerun_values.h"

#include <QMenu>

#include <array>

namespace muster {

namespace api {
class NodeApi;
}

class RerunMenu final : public QMenu {
    Q_OBJECT

public:
    explicit RerunMenu(api::NodeApi *node, QWidget *parent = nullptr);

    // `step`: the one that is selected; empty: none.
    void setTarget(RunId run, const QString &step);

signals:
    void chosen(const muster::api::RerunRun &ask);

private:
    void look();
    void show(const std::vector<api::RerunChoice> &choices);
    void name();

    api::NodeApi *m_node;
    RunId m_run;
    QString m_step;
    std::array<QAction *, 5> m_actions{}; // in the order of RerunMode
};

} // namespace muster
