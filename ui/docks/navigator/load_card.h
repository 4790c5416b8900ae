// LoadCard: the top of the Navigator: what the whole swarm does, as a sign, a word and its counts. A click,
// or Enter, leads to what runs. GUI thread.
#pragma once

#include "core/node/api/node_api.h"

#include <QAbstractButton>

class QLabel;

namespace muster {

class RecoloredIconLabel;

class LoadCard final : public QAbstractButton {
    Q_OBJECT

public:
    explicit LoadCard(QWidget *parent = nullptr);

    void setStatus(const api::NodeStatus &status, api::LinkState link);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;
    [[nodiscard]] bool hasHeightForWidth() const override;
    [[nodiscard]] int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    void say(const QString &word, const QString &detail);

    api::NodeStatus m_status;
    RecoloredIconLabel *m_sign;
    QLabel *m_word;
    QLabel *m_detail;
};

} // namespace muster
