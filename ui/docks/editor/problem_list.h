// ProblemList: what is wrong with a flow file, a row each; choosing one tells its place. Hidden while there
// is nothing. GUI thread.
#pragma once

#include "core/node/api/flow_values.h"

#include <QWidget>

class QLabel;

namespace muster {

class ListView;
class ProblemRows;

class ProblemList final : public QWidget {
    Q_OBJECT

public:
    explicit ProblemList(QWidget *parent = nullptr);

    void setProblems(const std::vector<api::FlowProblemInfo> &problems);
    // The next after that place, or the first; tells it.
    void goToNext(int line, int column);
    [[nodiscard]] int count() const;
    [[nodiscard]] QWidget *list() const;

signals:
    void chosen(int line, int column);

private:
    void tell(int row);

    ProblemRows *m_rows;
    QLabel *m_title;
    ListView *m_list;
};

} // namespace muster
