// PauseBanner: says over the composer that the node can store nothing right now
// (api::NodeStatus::pausedReason), what that means for what is written here, and what to do. Hidden while all
// is well. GUI thread.
#pragma once

#include <QFrame>

namespace muster {

class FactLine;

class PauseBanner final : public QFrame {
    Q_OBJECT

public:
    explicit PauseBanner(QWidget *parent = nullptr);

    void setReason(const QString &reason); // empty: all is well

private:
    FactLine *m_text;
};

} // namespace muster
