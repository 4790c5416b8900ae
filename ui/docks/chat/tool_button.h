// ToolButton: the one line of a tool call (or of several) in an answer: what kind, what, how it went. Opens
// and closes what is under it. GUI thread.
#pragma once

#include "ui/widgets/status_look.h"

#include <QAbstractButton>

namespace muster {

struct ToolLook {
    QString icon; // of its kind
    QString title;
    QString added; // "+12", "−3": empty where nothing was written
    QString removed;
    QString state; // "Done, 0.4 s"
    StatusLook sign;
};

class ToolButton final : public QAbstractButton {
    Q_OBJECT

public:
    explicit ToolButton(QWidget *parent = nullptr);

    void setLook(const ToolLook &look);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    ToolLook m_look;
};

} // namespace muster
