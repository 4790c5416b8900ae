// PoolPanel: one pool: its slots, what waits for one, and its cap, which a person can change here. GUI
// thread.
#pragma once

#include "core/node/api/task_values.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QSpinBox;

namespace muster {

class FactLine;

class PoolPanel final : public QWidget {
    Q_OBJECT

public:
    explicit PoolPanel(QWidget *parent = nullptr);

    // What a person has begun to change stays as they wrote it until the pool is another.
    void setPool(const api::PoolInfo &pool, qint64 nowMs);

signals:
    void capWanted(const QString &pool, std::optional<int> cap); // none: no cap

private:
    [[nodiscard]] QWidget *makeCap();
    void showCap();
    void updateSet();
    [[nodiscard]] std::optional<int> wanted() const;

    api::PoolInfo m_pool;
    QLabel *m_name;
    FactLine *m_slots;
    FactLine *m_frees;
    FactLine *m_shares;
    FactLine *m_limit;
    FactLine *m_fixed;
    // Made with m_cap, so they stand before it.
    QSpinBox *m_number = nullptr;
    QPushButton *m_set = nullptr;
    QWidget *m_cap;
};

} // namespace muster
