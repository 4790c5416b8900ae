// UntilClock: says when the words of describeUntil() for some moments are others. Asks nobody anything, and
// stands still while the words stay as they are. Thread of its parent (GUI).
#pragma once

#include <QObject>
#include <QTimer>

#include <vector>

namespace muster {

class UntilClock final : public QObject {
    Q_OBJECT

public:
    explicit UntilClock(QObject *parent);

    void setMoments(std::vector<qint64> utcMs);
    void setActive(bool active);

signals:
    void changed();

private:
    void arm();

    QTimer m_timer;
    std::vector<qint64> m_moments;
    bool m_active = false;
};

} // namespace muster
