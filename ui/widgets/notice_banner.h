// NoticeBanner: something that is so right now and that a person should know: a sign, a sentence and what can
// be done about it. Hidden while there is nothing to say; a screen reader is told when it appears. GUI
// thread.
#pragma once

#include "ui/widgets/status_look.h"

#include <QFrame>

class QHBoxLayout;
class QPushButton;

namespace muster {

class FactLine;

class NoticeBanner : public QFrame {
    Q_OBJECT

public:
    explicit NoticeBanner(QWidget *parent = nullptr);

    QPushButton *addButton(const QString &text, const QString &toolTip);
    // An empty text hides it.
    void setNotice(const QString &text, const StatusLook &look);
    [[nodiscard]] QString text() const;

private:
    FactLine *m_text;
    QHBoxLayout *m_buttons;
};

} // namespace muster
