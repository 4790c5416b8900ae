// FactLine: one fact as a sign and a sentence; hidden while there is nothing to say. GUI thread.
#pragma once

#include "ui/widgets/status_look.h"

#include <QWidget>

class QLabel;

namespace muster {

class RecoloredIconLabel;

class FactLine final : public QWidget {
    Q_OBJECT

public:
    explicit FactLine(QWidget *parent = nullptr);

    void setFact(const QString &text, const StatusLook &look);
    [[nodiscard]] QString text() const;

private:
    RecoloredIconLabel *m_sign;
    QLabel *m_text;
};

} // namespace muster
