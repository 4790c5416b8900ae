// ShareSplitter: a splitter whose parts keep the shares that the person gave them: a splitter of Qt's that
// was squeezed stays as the smallest size left it. GUI thread.
#pragma once

#include <QList>
#include <QSplitter>

namespace muster {

class ShareSplitter final : public QSplitter {
    Q_OBJECT

public:
    // One share per part, of any sum; they may be set before the parts are added.
    ShareSplitter(Qt::Orientation orientation, QList<int> shares, QWidget *parent = nullptr);

    // The shares go over to the other direction.
    void setDirection(Qt::Orientation orientation);

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void apply();

    QList<int> m_shares;
};

} // namespace muster
